"""The same people have the same room, however often and by how many at once it is asked for."""

from __future__ import annotations

import asyncio

from tests.clients import SocketClient, ids, new_key
from tests.serving import Office


async def test_the_same_people_reopen_the_same_room_in_whatever_order(office: Office) -> None:
    one, two, three = office.some(3)
    async with await SocketClient.connect(office, one) as a, await SocketClient.connect(office, three) as c:
        first = await a.ask("room.create", client_id=new_key(), people=ids((two, three)))
        again = await a.ask("room.create", client_id=new_key(), people=ids((three, two, two, one)))
        theirs = await c.ask("room.create", client_id=new_key(), people=ids((two, one)))
        assert first["created"]
        assert not again.get("created")
        assert not theirs.get("created")
        rooms = [answer["room"]["room"]["id"] for answer in (first, again, theirs)]
        assert len(set(rooms)) == 1
        assert first["room"]["room"]["kind"] == "group"
        assert first["room"]["room"]["master"] == one.id


async def test_twenty_simultaneous_creates_give_one_room(office: Office) -> None:
    one, two, three = office.some(3)
    for people, kind in (((one, two), "direct"), ((one, two, three), "group")):
        clients = [await SocketClient.connect(office, people[n % len(people)]) for n in range(20)]
        asked = [
            await client.post("room.create", client_id=new_key(), people=ids(people)) for client in clients
        ]
        answers = await asyncio.gather(*asked)
        assert len({answer["room"]["room"]["id"] for answer in answers}) == 1
        assert [answer.get("created", False) for answer in answers].count(True) == 1
        assert answers[0]["room"]["room"]["kind"] == kind
        for client in clients:
            await client.close()


async def test_a_room_with_myself(office: Office) -> None:
    (one,) = office.some(1)
    async with await SocketClient.connect(office, one) as client:
        room = await client.create()
        assert await client.create(one) == room
        view = (await client.ask("room.get", room=room))["room"]["room"]
        assert (view["kind"], view["member_count"], view["people"]) == ("self", 1, [one.id])
        await client.send(room, "a note")
        await client.event("message.new", room=room)
        assert (await client.ask("unread.get", rooms=[room]))["unread"] == {room: 0}
        assert (
            await client.refusal("room.invite", client_id=new_key(), room=room, people=["p0001"])
            == "not_allowed"
        )


async def test_nobody_is_put_into_a_room_with_somebody_who_is_not_there(office: Office) -> None:
    one, two = office.some(2)
    async with await SocketClient.connect(office, one) as client:
        before = office.rows("SELECT count(*) FROM rooms")
        for people in (["nobody"], [two.id, "nobody"], ["<script>"], ["' OR 1=1 --"], ["\U0001f600"]):
            assert await client.refusal("room.create", client_id=new_key(), people=people) == "not_found"
        assert office.rows("SELECT count(*) FROM rooms") == before


async def test_a_one_to_one_room_that_one_leaves_comes_back_with_the_next_message_without_its_history(
    office: Office,
) -> None:
    one, two = office.some(2)
    async with await SocketClient.connect(office, one) as a, await SocketClient.connect(office, two) as b:
        room = await a.create(two)
        await a.send(room, "old")
        await b.ask("room.leave", room=room)
        await b.event("room.gone", room=room)
        listed = await b.ask("rooms.list")
        assert room not in [view["room"]["id"] for view in listed.get("rooms", [])]
        b.events.clear()
        await a.send(room, "new")
        await b.event("room.added", room=room)
        assert [row["body"] for row in await b.timeline(room)] == ["new"]
        assert [row["body"] for row in await a.timeline(room)] == ["old", "new"]
        view = (await b.ask("room.get", room=room))["room"]
        assert (view["mine"]["floor"], view["mine"]["epoch"], view["mine"]["unread"]) == (1, 2, 1)
        assert view["room"]["member_count"] == 2


async def test_one_who_left_a_one_to_one_room_finds_it_again_by_its_people(office: Office) -> None:
    one, two = office.some(2)
    async with await SocketClient.connect(office, one) as client:
        room = await client.create(two)
        await client.send(room, "old")
        await client.ask("room.leave", room=room)
        assert await client.refusal("room.get", room=room) == "not_found"
        assert await client.create(two) == room
        assert await client.timeline(room) == []


async def test_the_last_message_shown_is_never_one_from_below_the_floor(office: Office) -> None:
    one, two, three, four = office.some(4)
    async with await SocketClient.connect(office, one) as a, await SocketClient.connect(office, four) as d:
        room = await a.create(two, three)
        await a.send(room, "before you came")
        await a.invite(room, four)
        view = (await d.ask("room.get", room=room))["room"]["room"]
        assert "last" not in view
        listed = await d.ask("rooms.list")
        assert "before you came" not in str(listed)
