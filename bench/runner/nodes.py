"""nodes.2: two nodes on one core, over PostgreSQL and Redis, beside one node alone with the database."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.runner import cores, load, server
from bench.runner.databases import private_database
from bench.runner.dialects import SENDJAY
from bench.runner.line import Line
from bench.runner.load import Result, Target
from bench.runner.population import Population, apart
from bench.runner.say import say
from bench.runner.seats import Seat, seats_of
from bench.runner.seed import move_into, seed
from tests.databases.postgres import Postgres
from tests.redis_server import RedisServer

FULL_SECONDS, RATE_SECONDS = 3.0, 4.0


@dataclass(frozen=True)
class Nodes:
    name: str = "nodes.2"
    pairs: int = 500

    def run(self) -> Line:
        """1:1 talk: both of a pair at one node, and each at another one; at the same rate as on one node."""
        if not Postgres.is_installed():
            return Line(self.name, 0, "times", doubts=["PostgreSQL is not installed"])
        population = apart(self.pairs, 2)
        with _nodes(population, 2) as (two, seats):
            across = self._full(two, seats)
            rate = round(across["messages_s"] / 8, 1)
            crossing = self._at(two, seats, rate, "two nodes, across")
            staying = self._at(two, _neighbours(seats), rate, "two nodes, each pair at one")
        with _nodes(population, 1) as (one, seats):
            alone = self._full(one, seats)
            single = self._at(one, seats, rate, "one node")
        more = _cpu_us(crossing) / _cpu_us(single)
        return Line(
            self.name, more, "times the CPU a message", crossing["p50_ms"], crossing["p99_ms"],
            yardsticks={"one_node_messages_s": alone["messages_s"]},
            more={
                "cross_node_more_ms": round(crossing["p50_ms"] - staying["p50_ms"], 3),
                "same_node_p50_ms": staying["p50_ms"], "one_node_p50_ms": single["p50_ms"],
                "messages_s": round(across["messages_s"]), "rate_s": rate,
                "cpu_us_a_message": round(_cpu_us(crossing), 1),
                "one_node_cpu_us_a_message": round(_cpu_us(single), 1),
                "same_node_cpu_us_a_message": round(_cpu_us(staying), 1),
                "full_cpu_us_a_message": round(_cpu_us(across), 1),
                "one_node_full_cpu_us_a_message": round(_cpu_us(alone), 1),
            },
        )  # fmt: skip

    def _full(self, target: Target, seats: list[Seat]) -> Result:
        return load.run("fanout", target, seats, in_flight=1, seconds=FULL_SECONDS, warmup=1, nap=100)

    def _at(self, target: Target, seats: list[Seat], rate: float, what: str) -> Result:
        result = load.run("rate", target, seats, rate=rate, seconds=RATE_SECONDS, warmup=1)
        say(
            f"{self.name}: {what}: p50 {result['p50_ms']} ms, {_cpu_us(result):.0f} µs of the nodes a message"
        )
        return result


@contextmanager
def _nodes(population: Population, count: int) -> Generator[tuple[Target, list[Seat]]]:
    """So many nodes, ready; only they are watched, and not what they share."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sendjay-bench-")))
        tokens = seed(folder / "sendjay.db", population)
        database = stack.enter_context(private_database(Postgres))
        move_into(folder / "sendjay.db", database.url)
        ports = [server.free_port() for _ in range(count)]
        settings = {"allowed_origins": ",".join(f"http://127.0.0.1:{port}" for port in ports)}
        if count > 1:
            settings["redis_url"] = stack.enter_context(_redis(folder)).url
        pids: list[int] = []
        for number, port in enumerate(ports):
            place = folder / f"node{number}"
            place.mkdir()
            process = server.start(str(place), port, database.url, **settings)
            stack.callback(server.end, process)
            pids += server.family(process.pid)
        yield Target("sendjay", ports[0], pids, SENDJAY, tuple(ports[1:])), seats_of(population, tokens)


@contextmanager
def _redis(folder: Path) -> Generator[RedisServer]:
    """On the nodes' core."""
    mine = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {cores.SERVER})
    redis = RedisServer(folder)
    try:
        redis.start()
    finally:
        os.sched_setaffinity(0, mine)
    try:
        yield redis
    finally:
        redis.stop()


def _neighbours(seats: list[Seat]) -> list[Seat]:
    """Connections are dealt out to two nodes in turn: both of a pair come to the same one."""
    dealt: list[Seat] = []
    for at in range(0, len(seats) - 3, 4):
        one, two, three, four = seats[at : at + 4]
        dealt += [one, three, two, four]
    return dealt


def _cpu_us(result: Result) -> float:
    """Of the nodes' own time, for each message."""
    return float(result["server_busy"]) * float(result["seconds"]) * 1e6 / max(1, int(result["messages"]))


FIGURES = [Nodes()]
