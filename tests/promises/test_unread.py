"""G8: unread numbers equal a recount after any order of events. Random orders are tried in test_state.py."""

from __future__ import annotations

import asyncio

from tests.clients import SocketClient, new_key
from tests.promises.recount import recount_not_read_by, recount_unread
from tests.serving import Office, Person


async def numbers(office: Office, client: SocketClient, person: Person) -> dict[str, int]:
    """What the list, the question and the single room say; all three must be the recount."""
    recount = recount_unread(office, person.id)
    listed = (await client.ask("rooms.list")).get("rooms", [])
    assert {view["room"]["id"]: view["mine"]["unread"] for view in listed} == recount
    assert (await client.ask("unread.get", rooms=list(recount)))["unread"] == recount
    for room in recount:
        assert (await client.ask("room.get", room=room))["room"]["mine"]["unread"] == recount[room]
    return recount


async def test_own_messages_and_notices_are_not_unread(office: Office) -> None:
    one, two, three = office.some(3)
    async with await SocketClient.connect(office, one) as a, await SocketClient.connect(office, two) as b:
        room = await a.create(two, three)
        await a.ask("room.rename", room=room, name="Told by a notice", scope="all")
        await a.send(room, "mine")
        assert (await numbers(office, a, one))[room] == 0
        assert (await numbers(office, b, two))[room] == 1
        await b.send(room, "sending moves nobody's cursor, mine neither")
        assert (await numbers(office, b, two))[room] == 1
        assert (await numbers(office, a, one))[room] == 1


async def test_counting_stops_at_300(office: Office) -> None:
    one, two = office.some(2)
    async with await SocketClient.connect(office, one) as a, await SocketClient.connect(office, two) as b:
        room = await a.create(two)
        for wanted in (299, 1, 1):
            sent = [
                await a.post("message.send", room=room, client_id=new_key(), body="x") for _ in range(wanted)
            ]
            await asyncio.gather(*sent)
            rows = len(await b.timeline(room))
            assert (await numbers(office, b, two))[room] == min(rows, 300)
        answer = await b.ask("read.mark", room=room, seq=1)
        assert answer == {"read_seq": 1, "unread": 300}
        answer = await b.ask("read.mark", room=room, seq=2)
        assert answer == {"read_seq": 2, "unread": 299}


async def test_a_cursor_never_goes_back_nor_past_the_end(office: Office) -> None:
    one, two = office.some(2)
    async with await SocketClient.connect(office, one) as a, await SocketClient.connect(office, two) as b:
        room = await a.create(two)
        for _ in range(5):
            await a.send(room, "x")
        assert await b.ask("read.mark", room=room, seq=4) == {"read_seq": 4, "unread": 1}
        assert await b.ask("read.mark", room=room, seq=2) == {"read_seq": 4, "unread": 1}
        assert await b.ask("read.mark", room=room, seq=2**53 - 1) == {"read_seq": 5, "unread": 0}
        await a.send(room, "one more")
        assert (await numbers(office, b, two))[room] == 1


async def test_cursors_marked_at_once_on_two_devices_end_at_the_farther_one(office: Office) -> None:
    one, two = office.some(2)
    async with (
        await SocketClient.connect(office, one) as a,
        await SocketClient.connect(office, two, device=0) as desk,
        await SocketClient.connect(office, two, device=2) as phone,
    ):
        room = await a.create(two)
        for _ in range(40):
            await a.send(room, "x")
        marks = [await (desk, phone)[n % 2].post("read.mark", room=room, seq=40 - n) for n in range(40)]
        await asyncio.gather(*marks)
        assert (await numbers(office, desk, two))[room] == 0
        for device in (desk, phone):
            await device.settle()
            personal = [event["personal"] for event in device.got("mine.changed")]
            assert personal == list(range(personal[0], personal[0] + len(personal)))
            assert device.got("mine.changed")[-1]["rooms"][0]["read_seq"] == 40


async def test_who_has_not_read_equals_a_recount_and_live_cursors_say_the_same(office: Office) -> None:
    people = office.some(6)
    one = people[0]
    clients = [await SocketClient.connect(office, person) for person in people]
    a = clients[0]
    room = await a.create(*people[1:5])
    await a.ask("room.open", room=room)
    for n in range(6):
        await clients[n % 5].send(room, f"{n}")
    await a.invite(room, people[5])
    await a.send(room, "for six")
    for n, client in enumerate(clients[1:]):
        await client.ask("read.mark", room=room, seq=2 + n if n < 4 else 9)
    rows = [row["seq"] for row in await a.timeline(room)]
    for seq in rows:
        told = (await a.ask("message.unread_by", room=room, seq=seq))["people"]
        assert told == recount_not_read_by(office, room, seq)
    opened = {
        member["user"]: member.get("read_seq", 0)
        for member in (await a.ask("room.open", room=room))["members"]
    }
    await asyncio.sleep(0.3)
    live: dict[str, int] = {}
    for event in a.got("read.moved", room=room):
        live |= event["cursors"]
    assert live == {user: seq for user, seq in opened.items() if user != one.id}
    # Who joined later is not asked about what was said before, and nobody is asked about their own words.
    assert people[5].id not in recount_not_read_by(office, room, rows[1])
    for client in clients:
        await client.close()
