"""G1: an acked message survives kill -9 of the server, at the seq that the ack named."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients import LostError, SocketClient, new_key
from tests.promises.conftest import FAST_TALKERS
from tests.serving import Office, Person

KILLS = 5
SENDERS = 6


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path, SENDERS, **FAST_TALKERS)
    yield office
    office.stop()


class Talker:
    """Sends without pause, a few messages in flight, until the server dies; knows what was acked."""

    def __init__(
        self, client: SocketClient, rooms: list[str], acked: dict[str, tuple[str, int, str]]
    ) -> None:
        self.client = client
        self.rooms = rooms
        self.acked = acked
        self.unsure: list[tuple[str, str, str]] = []

    async def talk(self) -> None:
        async with asyncio.TaskGroup() as lanes:
            for lane in range(4):
                lanes.create_task(self._lane(lane))

    async def _lane(self, lane: int) -> None:
        count = 0
        while True:
            count += 1
            room, key = self.rooms[(lane + count) % len(self.rooms)], new_key()
            body = f"{key} said"
            try:
                ack = await self.client.send(room, body, key)
            except LostError:
                self.unsure.append((room, key, body))
                return
            self.acked[key] = (room, ack["seq"], body)


async def test_every_acked_message_is_there_after_each_of_several_kills(office: Office) -> None:
    people = office.people
    acked: dict[str, tuple[str, int, str]] = {}
    office.start()
    for kill in range(KILLS):
        clients = [await SocketClient.connect(office, person) for person in people]
        everybody = await clients[0].create(*people[1:])
        pair = await clients[0].create(people[1])
        talkers = [
            Talker(client, [everybody, pair] if n < 2 else [everybody], acked)
            for n, client in enumerate(clients)
        ]
        tasks = [asyncio.ensure_future(talker.talk()) for talker in talkers]
        before = len(acked)
        while len(acked) < before + 150:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.03 * kill)
        office.kill()
        await asyncio.gather(*tasks)
        office.start()
        await check(office, people[0], acked, [everybody, pair])
        await repeat_unsure(office, people, talkers, acked)
    assert len(acked) >= KILLS * 150


async def check(
    office: Office, who: Person, acked: dict[str, tuple[str, int, str]], rooms: list[str]
) -> None:
    async with await SocketClient.connect(office, who) as client:
        kept = {(room, row["seq"]): row for room in rooms for row in await client.timeline(room)}
        for room in rooms:
            seqs = [seq for each, seq in kept if each == room]
            assert seqs == list(range(1, len(seqs) + 1))
    for key, (room, seq, body) in acked.items():
        assert kept[room, seq]["body"] == body
        assert kept[room, seq]["client_id"] == key


async def repeat_unsure(
    office: Office, people: list[Person], talkers: list[Talker], acked: dict[str, tuple[str, int, str]]
) -> None:
    """What was sent but not acked is sent again by its key, and stands there once, whichever way it went."""
    for person, talker in zip(people, talkers, strict=True):
        async with await SocketClient.connect(office, person) as client:
            for room, key, body in talker.unsure:
                ack = await client.send(room, body, key)
                acked[key] = (room, ack["seq"], body)
                rows = office.rows("SELECT seq FROM messages WHERE client_id = ?", key)
                assert rows == [(ack["seq"],)]
