"""sync.300, rooms.200 and history.50000: what eight people ask for at once, again and again."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from bench.runner import load, server, yardsticks
from bench.runner.line import Line, busy, server_share, throughput_doubts
from bench.runner.population import Population, SeedRoom
from bench.runner.say import say
from bench.runner.seats import Seat

READERS = 8
MEMBERS = 10
SECONDS = 4.0


def _people(count: int) -> list[str]:
    return [f"bench{number:06d}" for number in range(count)]


def _question(command: dict[str, object]) -> str:
    """The id is filled in by the load generator."""
    return '{"id":$N,' + json.dumps(command, separators=(",", ":"))[1:]


def _missed(population: Population) -> Callable[[Seat, int], str]:
    """300 messages of others missed: 30 in each of the first ten rooms."""
    held = {
        room.room: [room.version - (30 if number < 10 else 0), -1]
        for number, room in enumerate(population.rooms)
    }
    return lambda _seat, _number: _question({"cmd": "sync", "rooms": held, "personal": 1})


def _page(_population: Population) -> Callable[[Seat, int], str]:
    """Everybody reads at another depth of the one long room."""

    def ask(seat: Seat, number: int) -> str:
        before = 50_000 - number * 6_000
        return _question({"cmd": "message.history", "room": seat.room, "before": before, "limit": 50})

    return ask


def _list(_population: Population) -> Callable[[Seat, int], str]:
    return lambda _seat, _number: _question({"cmd": "rooms.list"})


def _rooms(count: int, messages: int, unread: int) -> Population:
    people = _people(MEMBERS)
    return Population(
        people,
        [SeedRoom(f"benchroom{number:06d}", people, messages, messages - unread) for number in range(count)],
    )


@dataclass(frozen=True)
class Questions:
    name: str
    populate: Callable[[], Population]
    question: Callable[[Population], Callable[[Seat, int], str]]

    def run(self) -> Line:
        population = self.populate()
        ask = self.question(population)
        with server.running(population) as running:
            seats = running.seats[:READERS]
            asked = [ask(seat, number) for number, seat in enumerate(seats)]
            ours = load.run("ask", running.target, seats, questions=asked, seconds=SECONDS, warmup=1)
            alone = load.run("ask", running.target, seats[:1], questions=asked[:1], seconds=1, warmup=0.3)
        say(f"{self.name}: {ours['answers_s']:,.0f} answers/s, p50 {ours['p50_ms']:.1f} ms")
        with yardsticks.bare(answer_bytes=ours["answer_bytes"]).running() as target:
            bare = load.run("ask", target, seats, questions=asked, seconds=2, warmup=0.5)
        return Line(
            self.name, ours["answers_s"], "answers/s", ours["p50_ms"], ours["p99_ms"],
            yardsticks={"bare_asyncio": bare["answers_s"]},
            ratio=ours["answers_s"] / bare["answers_s"],
            doubts=throughput_doubts(ours),
            more={
                "readers": READERS, "answer_bytes": ours["answer_bytes"], "alone_p50_ms": alone["p50_ms"],
                **busy(ours), "bare_busy": round(server_share(bare), 2),
            },
        )  # fmt: skip


FIGURES = [
    Questions("sync.300", lambda: _rooms(20, 100, 30), _missed),
    Questions("rooms.200", lambda: _rooms(200, 40, 5), _list),
    Questions("history.50000", lambda: _rooms(1, 50_000, 20), _page),
]
