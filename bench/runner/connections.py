"""connect.rate and idle.memory: what connections cost to open and to keep."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

import psutil
from bench.runner import load, server, yardsticks
from bench.runner.dialects import SENDJAY, Dialect
from bench.runner.line import Line, busy, server_share, throughput_doubts
from bench.runner.load import Result, Target
from bench.runner.population import Population, blocks
from bench.runner.say import say
from bench.runner.seats import Seat, seats_of

Reading = TypeVar("Reading")

ROOMS_EACH = 50
LIBRARY_SEATS = 2000
"""Enough to know a library by; the slowest opens a few hundred a second."""
SETTLE_SECONDS = 3
WARM = 50


def _hello_with_sync(population: Population) -> Dialect:
    """Somebody who comes back and has missed nothing: all of their rooms are named."""
    held: dict[str, dict[str, list[int]]] = {}
    for room in population.rooms:
        for person in room.people:
            held.setdefault(person, {})[room.room] = [room.version, -1]

    def hello(seat: Seat) -> str:
        sync = {"rooms": held.get(seat.user, {}), "personal": 1}
        command = {"id": 1, "cmd": "hello", "token": seat.token, "sync": sync}
        return json.dumps(command, separators=(",", ":"))

    return replace(SENDJAY, hello=hello)


@dataclass(frozen=True)
class ConnectRate:
    name: str = "connect.rate"
    people: int = 4000

    def run(self) -> Line:
        population = blocks(self.people, 100, ROOMS_EACH, messages=2)
        with server.running(population) as running:
            target = replace(running.target, dialect=_hello_with_sync(population))
            ours = self._open(target, running.seats)
        seats = seats_of(population)
        others = _beside(self._open, seats)
        bare = others["bare_asyncio"]
        return Line(
            self.name, ours["opened_s"], "connections/s", ours["p50_ms"], ours["p99_ms"],
            yardsticks={name: result["opened_s"] for name, result in others.items()},
            ratio=ours["opened_s"] / bare["opened_s"],
            doubts=throughput_doubts(ours) + throughput_doubts(bare, "the bare server"),
            more={
                "connections": self.people, "rooms_each": ROOMS_EACH, **busy(ours),
                "yardsticks_busy": {name: round(server_share(result), 2) for name, result in others.items()},
            },
        )  # fmt: skip

    def _open(self, target: Target, seats: list[Seat]) -> Result:
        load.run("connect", target, seats[:WARM])
        result = load.run("connect", target, seats, opening=32)
        say(f"{self.name}: {target.name} {result['opened_s']:,.0f} connections/s")
        return result


@dataclass(frozen=True)
class IdleMemory:
    name: str = "idle.memory"
    people: int = 5000

    def run(self) -> Line:
        population = blocks(self.people, 100, 10)
        with server.running(population) as running:
            target = replace(running.target, dialect=_hello_with_sync(population))
            ours = self._hold(target, running.seats)
        seats = seats_of(population)
        others = _beside(self._hold, seats)
        return Line(
            self.name, ours, "KB/connection", yardsticks=others, ratio=ours / others["bare_asyncio"],
            more={"connections": self.people},
        )  # fmt: skip

    def _hold(self, target: Target, seats: list[Seat]) -> float:
        """KB of resident memory that each connection added, the sockets in the kernel not counted."""
        load.run("connect", target, seats[:WARM])
        time.sleep(1)
        before = _resident_bytes(target)
        with load.started("idle", target, seats) as process:
            load.line_of(process, target)
            time.sleep(SETTLE_SECONDS)
            each = (_resident_bytes(target) - before) / len(seats) / 1024
        say(f"{self.name}: {target.name} {each:.1f} KB a connection")
        return each


def _beside(measure: Callable[[Target, list[Seat]], Reading], seats: list[Seat]) -> dict[str, Reading]:
    """What `measure` reads from each yardstick that can be had."""
    readings = {"bare_asyncio": yardsticks.measured(yardsticks.bare(), lambda target: measure(target, seats))}
    for each in yardsticks.LIBRARIES:
        readings[each.name] = yardsticks.measured(each, lambda target: measure(target, seats[:LIBRARY_SEATS]))
    return {name: reading for name, reading in readings.items() if reading is not None}


def _resident_bytes(target: Target) -> int:
    return sum(psutil.Process(pid).memory_info().rss for pid in target.pids)


FIGURES = [ConnectRate(), IdleMemory()]
