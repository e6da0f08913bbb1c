"""mariadb.* and postgres.*: the same load with the messages in a database beside the server, on its core."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass

from bench.runner import cores, server
from bench.runner.fanout import FULL_SECONDS, YARDSTICK_SECONDS, Fanout
from bench.runner.line import Line, busy
from bench.runner.population import apart
from bench.runner.say import say
from tests.databases.maria import Maria
from tests.databases.postgres import Postgres

DIRECT = Fanout("direct", 500, 2, 1, "messages_s", "messages/s")
ROOMS = Fanout("fanout.100", 10, 100, 16)


@dataclass(frozen=True)
class OnDatabase:
    name: str
    kind: type[Maria | Postgres]
    load: Fanout

    def run(self) -> Line:
        """`ratio` is over SQLite, measured right before."""
        if not self.kind.is_installed():
            return Line(self.name, 0, self.load.unit, doubts=["this database is not installed"])
        population, load = apart(self.load.rooms, self.load.size), self.load
        with server.running(population) as running:
            sqlite = load.full(running.target, running.seats, YARDSTICK_SECONDS)
        with private_database(self.kind) as database, server.running(population, database) as running:
            full = load.full(running.target, running.seats, FULL_SECONDS)
            half = load.half(running.target, running.seats, full)
        ratio = full[load.measure] / sqlite[load.measure]
        say(f"{self.name}: {full[load.measure]:,.0f} {load.unit}, {ratio:.0%} of SQLite")
        return Line(
            self.name, full[load.measure], load.unit, half["p50_ms"], half["p99_ms"],
            yardsticks={"sqlite": sqlite[load.measure]},
            ratio=ratio,
            doubts=load.doubts(full, "the server and its database") + load.doubts(sqlite, "SQLite"),
            in_flight=load.in_flight,
            more={
                "connections": load.rooms * load.size, "full_p50_ms": full["p50_ms"],
                "full_p99_ms": full["p99_ms"], "half_rate_s": half["rate"], **busy(full),
            },
        )  # fmt: skip


@contextmanager
def private_database(kind: Callable[[], Maria | Postgres]) -> Generator[server.Beside]:
    """A private server with an empty database, durable, on our server's core."""
    private = kind()
    mine = os.sched_getaffinity(0)
    # What it starts later goes where it is itself.
    os.sched_setaffinity(0, {cores.SERVER})
    try:
        private.start()
    finally:
        os.sched_setaffinity(0, mine)
    try:
        private.create("bench")
        assert private.process is not None
        yield server.Beside(private.url("bench"), private.process.pid)
    finally:
        private.remove()


FIGURES = [
    OnDatabase("mariadb.direct", Maria, DIRECT),
    OnDatabase("postgres.direct", Postgres, DIRECT),
    OnDatabase("mariadb.fanout.100", Maria, ROOMS),
    OnDatabase("postgres.fanout.100", Postgres, ROOMS),
]
