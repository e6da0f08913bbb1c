"""search.1000000: finding in a million messages of Korean talk, in the largest room and in all rooms."""

from __future__ import annotations

import json
import os
import random
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from typing import Any

from bench.runner import cores, server
from bench.runner.line import Line
from bench.runner.population import Population, SeedRoom
from bench.runner.say import say
from websockets.sync.client import connect

from sendjay.search.model import BLOCK
from sendjay.search.sealing import keep, make
from sendjay.storage.database import Database
from sendjay.storage.transaction import Transaction

LARGEST = 300_000
OTHERS, OTHER_ROWS = 199, 3_518
ASKED = 60
"""Questions of each length and place."""
LENGTHS = (1, 2, 5)
WORDS = 6_000
SYLLABLES = 900
"""So many are in use in everyday Korean."""


def vocabulary(seed: int = 3) -> list[str]:
    """Words as they are spread in talk: few are frequent, most are rare."""
    chance = random.Random(seed)
    syllables = [chr(code) for code in chance.sample(range(0xAC00, 0xD7A4), SYLLABLES)]
    weights = [1 / (1 + place) ** 0.7 for place in range(SYLLABLES)]
    return [
        "".join(chance.choices(syllables, weights, k=chance.choice((2, 2, 3, 3, 4, 5)))) for _ in range(WORDS)
    ]


def talker(words: Sequence[str], room: int) -> Callable[[int], str]:
    weights = [1 / (1 + place) for place in range(len(words))]
    pool = random.Random(room).choices(words, weights, k=50_000)
    return lambda seq: " ".join(pool[(seq * 7 + at * 13 + room) % len(pool)] for at in range(2 + seq % 5))


@dataclass(frozen=True)
class Search:
    name: str = "search.1000000"

    def run(self) -> Line:
        words = vocabulary()
        people = ["bench000000", "bench000001"]
        sizes = [LARGEST, *(OTHER_ROWS for _ in range(OTHERS))]
        rooms = [
            SeedRoom(f"benchroom{number:06d}", people, rows, rows, talker(words, number))
            for number, rows in enumerate(sizes)
        ]
        with server.running(
            Population(people, rooms), prepare=lambda file: _seal_all(file, rooms)
        ) as running:
            seat = running.seats[0]
            with on_load_core(), _asker(running.target.port, seat.token) as ask:
                times = {
                    f"{place}_{length}": _timed(ask, place, seat.room, _sought(words, length))
                    for place in ("room", "all")
                    for length in LENGTHS
                }
            scan = _naive(running.database, seat.room, _sought(words, 2)[:10])
        worst = max(_p99(each) for each in times.values())
        middle = sorted(time_ for each in times.values() for time_ in each)
        say(f"{self.name}: p99 {worst:.0f} ms at the worst, {scan:.0f} ms for looking through one room")
        return Line(
            self.name, worst, "ms, p99", middle[len(middle) // 2], worst,
            yardsticks={"like_scan_p50_ms": scan},
            ratio=worst / scan,
            more={
                "messages": sum(sizes), "largest_room": LARGEST,
                **{f"{name}_p50_ms": round(sorted(each)[len(each) // 2], 1) for name, each in times.items()},
                **{f"{name}_p99_ms": round(_p99(each), 1) for name, each in times.items()},
            },
        )  # fmt: skip


def _sought(words: Sequence[str], length: int) -> list[str]:
    """From frequent to rare, and some that nobody has said."""
    chance = random.Random(length)
    picked = [words[min(len(words) - 1, int(1.17**n))] for n in range(ASKED - 6)]
    parts = [(word + chance.choice(words))[:length] for word in picked]
    return [*parts, *("뷁쉛꿻쀍똟"[:length] for _ in range(6))]


def _seal_all(file: Path, rooms: Sequence[SeedRoom]) -> None:
    database = Database(f"sqlite:///{file}")
    for room in rooms:
        with database.writing_engine.begin() as connection:
            tx = Transaction(connection, time.time_ns() // 1_000_000)
            for block in range(room.messages // BLOCK):
                keep(tx, room.room, make(connection, room.room, block))
    database.close()


@contextmanager
def on_load_core() -> Any:
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {cores.LOAD})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def _asker(port: int, token: str) -> Any:
    with connect(f"ws://127.0.0.1:{port}/ws", origin=f"http://127.0.0.1:{port}", max_size=None) as socket:
        number = 0

        def ask(cmd: str, **fields: object) -> Any:
            nonlocal number
            number += 1
            socket.send(json.dumps({"id": number, "cmd": cmd, **fields}))
            while True:
                said = json.loads(socket.recv())
                if said.get("re") == number:
                    if "error" in said:
                        raise RuntimeError(said["error"])
                    return said["ok"]

        ask("hello", token=token)
        yield ask


def _timed(ask: Any, place: str, room: str, sought: Sequence[str]) -> list[float]:
    """The first page, whatever it takes to come to it."""
    times = []
    for text in sought:
        began = time.perf_counter()
        if place == "room":
            ask("search.room", room=room, text=text)
        else:
            ask("search.all", text=text)
        times.append((time.perf_counter() - began) * 1000)
    return times


def _p99(times: Sequence[float]) -> float:
    return quantiles(times, n=100, method="inclusive")[98]


def _naive(database: Path, room: str, sought: Sequence[str]) -> float:
    """The same found by looking at every message, by SQLite alone; the middle of some."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    times = []
    for text in sought:
        began = time.perf_counter()
        connection.execute(
            "SELECT COUNT(*) FROM messages WHERE room_id = ? AND body LIKE ?", (room, f"%{text}%")
        ).fetchall()
        times.append((time.perf_counter() - began) * 1000)
    connection.close()
    return sorted(times)[len(times) // 2]


FIGURES = [Search()]
