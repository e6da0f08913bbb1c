"""G5: coming back after any absence gives exactly what changed, or says `limited`; never a silent hole."""

from __future__ import annotations

import asyncio

import pytest

from tests.clients import Json, SocketClient, new_key
from tests.model_client import ModelClient
from tests.serving import Office

ROOM_ROWS = 300
"""Changes of one room that sync tells before it says `limited`."""


async def say(client: SocketClient, room: str, count: int) -> None:
    """Send `count` messages."""
    for start in range(0, count, 100):
        sent = [
            await client.post("message.send", room=room, client_id=new_key(), body=f"line {n}")
            for n in range(start, min(start + 100, count))
        ]
        await asyncio.gather(*sent)


def delta_of(answer: Json, room: str) -> Json:
    (delta,) = [each for each in answer.get("rooms", []) if each["room"]["id"] == room]
    return delta


@pytest.mark.parametrize("missed", [1, 2, 299, 300, 301, 2_100])
async def test_up_to_300_missed_messages_come_exactly_and_more_are_limited(
    office: Office, missed: int
) -> None:
    one, two = office.some(2)
    async with await SocketClient.connect(office, one) as client:
        room = await client.create(two)
        await say(client, room, 5)
        async with await SocketClient.connect(office, two) as other:
            head = (await other.ask("room.get", room=room))["room"]["room"]
        await say(client, room, missed)
        sync = {"rooms": {room: [head["version"], -1]}, "personal": 0}
        async with await SocketClient.connect(office, two, sync=sync) as other:
            delta = delta_of(other.welcome["sync"], room)
            assert delta["room"]["seq"] == 5 + missed
            assert delta.get("limited", False) == (missed > ROOM_ROWS)
            seqs = [row["seq"] for row in delta.get("messages", [])]
            assert seqs == ([] if missed > ROOM_ROWS else list(range(6, 6 + missed)))
            assert delta["mine"]["unread"] == min(ROOM_ROWS, 5 + missed)
            # Nothing more is said once it is up to date.
            position = {room: [delta["room"]["version"], -1]}
            again = await other.ask("sync", rooms=position, personal=other.welcome["sync"]["personal"])
            assert again == {"personal": other.welcome["sync"]["personal"]}


async def test_many_rooms_together_are_each_exact_or_limited(office: Office) -> None:
    one, *others = office.some(14)
    device = ModelClient(office, one)
    async with await SocketClient.connect(office, one, device=1) as client:
        rooms = [await client.create(other) for other in others]
        await device.connect()
        await device.idle()
        await device.disconnect()
        for number, room in enumerate(rooms):
            await say(client, room, 30 * number)
        held = {room: model.position for room, model in device.rooms.items()}
        answer = await client.ask("sync", rooms=held, personal=device.personal)
        told = 0
        for number, room in enumerate(rooms):
            if number == 0:
                assert room not in str(answer)
                continue
            delta = delta_of(answer, room)
            seqs = [row["seq"] for row in delta.get("messages", [])]
            assert delta.get("limited") or seqs == list(range(1, 30 * number + 1))
            told += len(seqs)
        assert 0 < told <= 2_000
        assert any(delta.get("limited") for delta in answer["rooms"]), "together they are beyond one answer"
        await device.connect()
        await device.idle()
        assert device.state() == await asyncio.to_thread(device.fresh_state)
        await device.disconnect()


async def test_everything_that_changed_in_a_room_comes_along(office: Office) -> None:
    one, two, three, four, five = office.some(5)
    device = ModelClient(office, two)
    async with await SocketClient.connect(office, one) as client:
        room = await client.create(two, three, four)
        device.on_screen.add(room)
        await device.connect()
        await device.idle()
        await device.disconnect()
        await client.send(room, "before")
        await client.ask("room.rename", room=room, name="Another name", scope="all")
        await client.invite(room, five)
        await client.ask("room.remove", room=room, person=three.id)
        await client.ask("read.mark", room=room, seq=4)
        async with await SocketClient.connect(office, two, device=1) as laptop:
            await laptop.ask("room.rename", room=room, name="My name for it", scope="me")
            await laptop.ask("read.mark", room=room, seq=2)
        await client.ask("room.leave", room=room)
        await device.connect()
        await device.idle()
        state = device.state()
        assert state == await asyncio.to_thread(device.fresh_state)
        assert set(state["rooms"][room]["members"]) == {two.id, four.id, five.id}
        assert state["rooms"][room]["head"]["master"] == two.id
        assert device.holes == 0
        await device.disconnect()


async def test_a_room_cleared_and_reopened_elsewhere_meanwhile_is_dropped_and_fetched_anew(
    office: Office,
) -> None:
    one, two = office.some(2)
    device = ModelClient(office, one)
    async with await SocketClient.connect(office, one, device=1) as laptop:
        room = await laptop.create(two)
        await laptop.send(room, "of the past")
        await device.connect()
        await device.idle()
        await device.disconnect()
        await laptop.ask("room.leave", room=room)
        assert await laptop.create(two) == room
        assert await laptop.timeline(room) == []
        await device.connect()
        await device.idle()
        assert device.state() == await asyncio.to_thread(device.fresh_state)
        assert device.state()["rooms"][room]["rows"] == []
        await device.disconnect()


async def test_a_room_left_and_joined_again_meanwhile_shows_only_what_came_after(office: Office) -> None:
    one, two, three = office.some(3)
    device = ModelClient(office, two)
    async with await SocketClient.connect(office, one) as client:
        room = await client.create(two, three)
        await client.send(room, "of the past")
        await device.connect()
        await device.idle()
        await device.disconnect()
        await client.ask("room.remove", room=room, person=two.id)
        await client.send(room, "not for you")
        await client.invite(room, two)
        await client.send(room, "welcome back")
        await device.connect()
        await device.idle()
        state = device.state()
        assert state == await asyncio.to_thread(device.fresh_state)
        assert [row.get("body", "") for row in state["rooms"][room]["rows"]] == ["", "welcome back"]
        await device.disconnect()


async def test_rooms_that_are_gone_and_rooms_that_are_new_are_told(office: Office) -> None:
    one, two, three = office.some(3)
    async with (
        await SocketClient.connect(office, one) as client,
        await SocketClient.connect(office, two) as b,
    ):
        gone = await client.create(two, three)
        left = await b.create(three)
        await b.send(left, "x")
        await client.ask("room.remove", room=gone, person=two.id)
        await b.ask("room.leave", room=left)
        new = await client.create(two)
        held = {gone: [2, -1], left: [2, -1], "never-was": [9, 9]}
        answer = await b.ask("sync", rooms=held, personal=0)
        assert sorted(answer["gone"]) == sorted(held)
        assert [delta["room"]["id"] for delta in answer["rooms"]] == [new]
        assert answer["rooms"][0]["limited"]


async def test_what_is_committed_while_hello_is_answered_comes_once_in_order(office: Office) -> None:
    one, two = office.some(2)
    async with await SocketClient.connect(office, one) as client:
        room = await client.create(two)
        await client.send(room, "first")
        talking = asyncio.ensure_future(say(client, room, 400))
        position = [2, -1]
        seen: list[int] = [1]
        while not talking.done() or seen[-1] < 401:
            sync = {"rooms": {room: position}, "personal": 0}
            async with await SocketClient.connect(office, two, device=1, sync=sync) as other:
                deltas = [d for d in other.welcome["sync"].get("rooms", []) if d["room"]["id"] == room]
                for delta in deltas:
                    if delta.get("limited"):
                        seen = list(range(1, delta["room"]["seq"] + 1))
                    seen += [row["seq"] for row in delta.get("messages", [])]
                    position = [delta["room"]["version"], -1]
                await asyncio.sleep(0.005)
                await other.settle()
                # What was committed before the snapshot may come as well; its version tells.
                live = [e for e in other.got("message.new", room=room) if e["version"] > position[0]]
                versions = [event["version"] for event in live]
                assert versions == list(range(position[0] + 1, position[0] + 1 + len(live)))
                seen += [event["message"]["seq"] for event in live]
                position = [position[0] + len(live), -1]
        await talking
        assert seen == list(range(1, 402))
