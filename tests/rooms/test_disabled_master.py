"""A room is never left with a master who cannot come back to it."""

from __future__ import annotations

import asyncio

from tests.clients import SocketClient
from tests.nursery import run_program
from tests.serving import Office


def disable(office: Office, person: str) -> None:
    environment = {"SENDJAY_DATA_DIR": str(office.data)}
    run_program("user", "disable", person, env=environment, cwd=office.data).check_returncode()


async def test_a_disabled_master_hands_over_to_the_longest_standing_active_member(office: Office) -> None:
    one, two, three, four = office.some(4)
    async with await SocketClient.connect(office, one) as a, await SocketClient.connect(office, three) as c:
        room = await a.create(two, three)
        await asyncio.sleep(0.01)
        await a.invite(room, four)
        await asyncio.to_thread(disable, office, two.id)
        await asyncio.to_thread(disable, office, one.id)
        await c.event("room.changed", master=three.id)
        await c.ask("room.rename", room=room, name="Carried on", scope="all")
