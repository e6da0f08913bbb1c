"""A flood in one room does not make the others wait."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients import SocketClient, new_key
from tests.promises.conftest import FAST_TALKERS
from tests.promises.slow_database import held
from tests.serving import Office, run_office

OF_ONE_LANE = 64
"""What one commit takes of one room while others wait, by the default setting."""

OF_ONE = 300
"""What each of five says: in all many times a lane."""


@pytest.fixture(scope="module")
def office(office_folder: Path) -> Iterator[Office]:
    limits = {"writer_wait_seconds": 60}
    yield from run_office(office_folder, 40, **FAST_TALKERS, **limits)


async def test_what_is_said_elsewhere_passes_what_waits_in_a_flooded_room(office: Office) -> None:
    witness, friend, *floods = office.some(7)
    async with (
        await SocketClient.connect(office, witness) as seer,
        await SocketClient.connect(office, friend) as other,
    ):
        flooded = await seer.create(*floods)
        quiet = await other.create(witness)
        flooders = [await SocketClient.connect(office, person) for person in floods]
        # Rooms in use: who is in them is known, and asked for no more while the flood is told.
        await other.send(quiet, "before")
        await flooders[1].send(flooded, "before")
        await seer.until(lambda: len(seer.got("message.new")) == 2, "both rooms")
        seer.events.clear()
        with held(office):
            flood = [
                await client.post("message.send", room=flooded, client_id=new_key(), body=f"{n}")
                for client in flooders
                for n in range(OF_ONE)
            ]
            await asyncio.gather(*(client.settle() for client in flooders))
            said = await other.post("message.send", room=quiet, client_id=new_key(), body="hello")
            await other.settle()
            assert not seer.got("message.new"), "nothing is written while the database is held"
        await asyncio.gather(said, *flood)
        await seer.until(lambda: len(seer.got("message.new")) == 5 * OF_ONE + 1, "everything")
        order = [event["room"] for event in seer.got("message.new")]
        # Behind the group that was at work already, and within the next: not behind all of them.
        assert order.index(quiet) <= 2 * OF_ONE_LANE
        for client in flooders:
            rows = [event["message"]["body"] for event in seer.got("message.new", room=flooded)]
            assert len(rows) == 5 * OF_ONE
            await client.close()
        own = [row["body"] for row in await seer.timeline(flooded) if row["sender"] == floods[0].id]
        assert own == [f"{n}" for n in range(OF_ONE)], "what one person says in a room keeps its order"
