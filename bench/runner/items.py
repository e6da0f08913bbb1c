"""items.open: from the button under a post to its room with the newest talks, among a million items."""

from __future__ import annotations

import asyncio
import itertools
import json
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from typing import Any

import websockets
from bench.runner import server
from bench.runner.line import Line
from bench.runner.population import Population, SeedRoom
from bench.runner.say import say
from bench.runner.search import on_load_core

from sendjay.items.service import Ref
from sendjay.rooms.model import set_key

ITEMS, ROOMS, ASKERS = 1_000_000, 200_000, 2_000
MESSAGES = 4
READERS = 8
SECONDS = 6.0
CARD = {"title": "Camping lantern", "price": "4,000", "status": "free"}


def _ref(number: int) -> Ref:
    return Ref("tool", str(number))


def _owner(number: int) -> str:
    return f"owner{number % ASKERS:06d}"


def _asker(number: int) -> str:
    return f"bench{number % ASKERS:06d}"


@dataclass(frozen=True)
class Open:
    name: str = "items.open"

    def run(self) -> Line:
        askers = [_asker(number) for number in range(ASKERS)]
        owners = [_owner(number) for number in range(ASKERS)]
        rooms = [
            SeedRoom(f"benchroom{number:06d}", [_asker(number), _owner(number)], MESSAGES, MESSAGES - 1)
            for number in range(ROOMS)
        ]
        population = Population([*askers, *owners], rooms)
        with server.running(population, prepare=_make_items) as running:
            seats = {seat.user: seat.token for seat in running.seats}
            readers = [(number, seats[_asker(number)]) for number in range(READERS)]
            with on_load_core():
                alone = asyncio.run(_press(running.target.port, readers[:1], 1.5))
                times = asyncio.run(_press(running.target.port, readers, SECONDS))
        marks = quantiles(times, n=100, method="inclusive")
        say(f"{self.name}: p50 {marks[49]:.1f} ms, p99 {marks[98]:.1f} ms")
        return Line(
            self.name, marks[49], "ms, p50", marks[49], marks[98],
            more={
                "items": ITEMS, "rooms": ROOMS, "readers": READERS, "opened_s": round(len(times) / SECONDS),
                "alone_p50_ms": round(sorted(alone)[len(alone) // 2], 2),
            },
        )  # fmt: skip


async def _press(port: int, readers: list[tuple[int, str]], seconds: float) -> list[float]:
    return list(itertools.chain(*await asyncio.gather(*(_reader(port, *each, seconds) for each in readers))))


async def _reader(port: int, first: int, token: str, seconds: float) -> list[float]:
    """Presses the button under one item of theirs after the other, and reads the room."""
    address = f"ws://127.0.0.1:{port}/ws"
    times: list[float] = []
    async with websockets.connect(address, origin=f"http://127.0.0.1:{port}", max_size=None) as socket:
        ids = itertools.count(1)

        async def ask(cmd: str, **fields: object) -> Any:
            number = next(ids)
            await socket.send(json.dumps({"id": number, "cmd": cmd, **fields}))
            while True:
                said = json.loads(await socket.recv())
                if said.get("re") == number:
                    return said["ok"]

        await ask("hello", token=token)
        end = time.perf_counter() + seconds
        for number in itertools.cycle(range(first, ROOMS, ASKERS)):
            began = time.perf_counter()
            if began > end:
                return times
            found = await ask("item.ask", item={"kind": "tool", "id": str(number)}, history=50)
            assert len(found["history"]["messages"]) == MESSAGES
            times.append((time.perf_counter() - began) * 1000)
    return times


def _make_items(file: Path) -> None:
    """The rooms that were seeded become rooms about items; most items have none."""
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA synchronous=OFF")
    with connection:
        connection.executemany(
            "INSERT INTO items (item_key, kind, host_id, owner_id, title, price, status, issued_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, 1)",
            (
                (_ref(number).key, "tool", str(number), _owner(number), *CARD.values())
                for number in range(ITEMS)
            ),
        )
        for number, room in _numbered():
            key, people = _ref(number).key, (_asker(number), _owner(number))
            card = json.dumps({"kind": "tool", "id": str(number), "owner": people[1], **CARD})
            connection.execute(
                "UPDATE rooms SET kind = 'item', item_id = ?, card = ?, master_id = NULL WHERE room_id = ?",
                (key, card, room),
            )
            connection.execute("INSERT INTO room_sets VALUES (?, ?)", (set_key("item", key, people), room))
            connection.execute(
                "INSERT INTO item_rooms (room_id, item_key, owner_id, asker_id, created_at)"
                " VALUES (?, ?, ?, ?, 1)",
                (room, key, people[1], people[0]),
            )
    connection.execute("ANALYZE")
    connection.close()


def _numbered() -> Iterator[tuple[int, str]]:
    return ((number, f"benchroom{number:06d}") for number in range(ROOMS))


FIGURES = [Open()]
