"""Whatever two devices write, together or while one of them is away, both end with the same drafts."""

from __future__ import annotations

import asyncio
from typing import NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.clients import SocketClient
from tests.drafts.desk import Desk
from tests.serving import Office

ROOMS = 3


class Step(NamedTuple):
    kind: str
    device: int
    room: int
    text: str


steps = st.builds(
    Step,
    kind=st.sampled_from(["set"] * 8 + ["disconnect", "connect"] * 3 + ["leave", "talk"]),
    device=st.integers(0, 1),
    room=st.integers(0, ROOMS - 1),
    text=st.sampled_from(["", "", "a", "b"]),
)
histories = st.lists(st.lists(steps, min_size=1, max_size=4), min_size=4, max_size=16)


@given(history=histories)
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
    print_blob=False,
)
def test_two_devices_agree_whatever_they_write(office: Office, history: list[list[Step]]) -> None:
    asyncio.run(live(office, history))


async def live(office: Office, history: list[list[Step]]) -> None:
    me, *others = office.some(1 + ROOMS)
    async with await SocketClient.connect(office, me, device=2) as client:
        rooms = [await client.create(other) for other in others]
        for room in rooms:
            await client.send(room, "here we are")
    friends = [await SocketClient.connect(office, other) for other in others]
    desks = [Desk(office, me, device, rooms) for device in (0, 1)]
    try:
        for desk in desks:
            await desk.connect()
        for together in history:
            await asyncio.gather(
                *(
                    friends[step.room].send(rooms[step.room], "anything new?")
                    if step.kind == "talk"
                    else act(desks[step.device], rooms[step.room], step)
                    for step in together
                )
            )
        await agree(office, desks)
    finally:
        for desk in desks:
            await desk.disconnect()
        for friend in friends:
            await friend.close()


async def act(desk: Desk, room: str, step: Step) -> None:
    client = desk.client
    if step.kind == "connect":
        if client is None:
            await desk.connect()
    elif client is None:
        return
    elif step.kind == "disconnect":
        await desk.disconnect()
    else:
        # What loses its connection, or comes after the room was left, is not done.
        asked = await (
            client.post("draft.set", room=room, text=step.text)
            if step.kind == "set"
            else client.post("room.leave", room=room)
        )
        await asyncio.gather(asked, return_exceptions=True)


async def agree(office: Office, desks: list[Desk]) -> None:
    for desk in desks:
        await desk.connect()
        assert desk.client is not None
        await desk.client.settle()
    rows = office.rows("SELECT room_id, body FROM drafts WHERE user_id = ?", desks[0].person.id)
    kept = {room: body for room, body in rows if body}
    assert desks[0].drafts == desks[1].drafts == kept
