"""Who comes, who goes, who is master, and what a room is called."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients import SocketClient, ids, new_key
from tests.promises.conftest import FAST_TALKERS
from tests.serving import Office, run_office


async def notices(client: SocketClient, room: str) -> list[tuple[str, str, list[str]]]:
    rows = [row for row in await client.timeline(room) if row.get("kind") == "notice"]
    return [(row["notice"]["type"], row["sender"], row["notice"].get("people", [])) for row in rows]


async def test_only_the_master_removes_and_renames_for_all(office: Office) -> None:
    master, member, other = office.some(3)
    async with (
        await SocketClient.connect(office, master) as a,
        await SocketClient.connect(office, member) as b,
    ):
        room = await a.create(member, other)
        assert await b.refusal("room.remove", room=room, person=other.id) == "not_allowed"
        assert await b.refusal("room.rename", room=room, name="Mine now", scope="all") == "not_allowed"
        assert await a.refusal("room.remove", room=room, person=master.id) == "not_allowed"
        assert await a.refusal("room.remove", room=room, person="nobody") == "not_found"
        await a.ask("room.remove", room=room, person=other.id)
        assert await a.refusal("room.remove", room=room, person=other.id) == "not_found"
        assert (await notices(b, room))[-1] == ("removed", master.id, [other.id])


async def test_when_the_master_leaves_the_longest_standing_member_follows(office: Office) -> None:
    one, two, three, four = office.some(4)
    async with await SocketClient.connect(office, one) as a, await SocketClient.connect(office, two) as b:
        room = await a.create(four)  # a 1:1 room has no master
        assert "master" not in (await a.ask("room.get", room=room))["room"]["room"]
        room = await a.create(two, three)
        await asyncio.sleep(0.01)
        await a.invite(room, four)
        await a.ask("room.leave", room=room)
        view = (await b.ask("room.get", room=room))["room"]["room"]
        assert view["master"] == two.id
        assert (await notices(b, room))[-2:] == [("left", one.id, [one.id]), ("master", two.id, [two.id])]
        changed = await b.event("room.changed", master=two.id)
        assert len(changed["messages"]) == 2
        await b.ask("room.rename", room=room, name="Under new management", scope="all")


async def test_an_invitation_brings_people_in_once_with_one_notice(office: Office) -> None:
    one, two, three, four, five = office.some(5)
    async with await SocketClient.connect(office, two) as b, await SocketClient.connect(office, four) as d:
        room = await b.create(one, three)
        answer = await b.invite(room, four, five, four, one)
        assert answer["room"]["room"]["member_count"] == 5
        assert (await notices(b, room))[-1] == ("invited", two.id, [four.id, five.id])
        await d.event("room.added", room=room)
        assert (await d.ask("room.get", room=room))["room"]["mine"]["floor"] == 1
        await b.invite(room, four, five)
        assert len(await notices(b, room)) == 2
        # Any member may invite.
        await d.ask("room.leave", room=room)
        pair = await b.create(one)
        assert (
            await b.refusal("room.invite", client_id=new_key(), room=pair, people=[four.id]) == "not_allowed"
        )


async def test_my_name_for_a_room_wins_for_me_and_only_for_me(office: Office) -> None:
    one, two, three = office.some(3)
    async with await SocketClient.connect(office, one) as a, await SocketClient.connect(office, two) as b:
        room = await a.create(two, three)
        await a.ask("room.rename", room=room, name="  All\u00a0of \u1112\u1161\u11ab us ", scope="all")
        await b.ask("room.rename", room=room, name="Mine", scope="me")
        mine, theirs = [(await each.ask("room.get", room=room))["room"] for each in (b, a)]
        assert (mine["room"]["name"], mine["mine"]["own_name"]) == ("All of 한 us", "Mine")
        assert (theirs["room"]["name"], theirs["mine"].get("own_name")) == ("All of 한 us", None)
        assert (await b.ask("room.rename", room=room, name=" ", scope="me"))["room"]["mine"].get(
            "own_name"
        ) is None
        await a.ask("room.rename", room=room, name=None, scope="all")
        changed = (await b.ask("room.get", room=room))["room"]["room"]
        assert "name" not in changed
        before = len(await a.timeline(room))
        await a.ask("room.rename", room=room, name=None, scope="all")
        assert len(await a.timeline(room)) == before, "nothing changed, nothing is told"


@pytest.mark.parametrize("name", ["x" * 201, "two\u202elines", "bell\x07", "half \ud83d"])
async def test_a_name_that_cannot_be_shown_is_refused(office: Office, name: str) -> None:
    one, two, three = office.some(3)
    async with await SocketClient.connect(office, one) as client:
        room = await client.create(two, three)
        for scope in ("all", "me"):
            refused = await client.refusal("room.rename", room=room, name=name, scope=scope)
            assert refused in ("invalid", "malformed")


async def test_the_same_people_find_a_group_that_shrank_or_grew_to_them(office: Office) -> None:
    one, two, three, four = office.some(4)
    async with await SocketClient.connect(office, one) as client:
        room = await client.create(two, three)
        await client.invite(room, four)
        assert await client.create(two, three, four) == room
        other = await client.create(two, three)
        assert other != room, "the three of us have a room of our own again"
        await client.ask("room.remove", room=room, person=four.id)
        # Both now hold the same three: the one that was theirs first to be asked for stays theirs.
        assert await client.create(two, three) == other
        await client.ask("room.remove", room=other, person=three.id)
        assert await client.create(two, three) not in (other,)


async def test_preferences_are_mine_alone_and_known_to_all_my_devices(office: Office) -> None:
    one, two = office.some(2)
    async with (
        await SocketClient.connect(office, one, device=0) as desk,
        await SocketClient.connect(office, one, device=2) as phone,
        await SocketClient.connect(office, two) as other,
    ):
        room = await desk.create(two)
        before = (await other.ask("room.get", room=room))["room"]
        await desk.ask("room.preferences", room=room, muted=True, pinned=True, show_members=False)
        await desk.ask("room.preferences", room=room, pinned=False)
        await phone.until(lambda: len(phone.got("mine.changed")) == 2, "both changes")
        (mine,) = phone.got("mine.changed")[-1]["rooms"]
        assert (mine["muted"], mine.get("pinned", False), mine["show_members"]) == (True, False, False)
        assert not other.got("mine.changed")
        assert (await other.ask("room.get", room=room))["room"] == before


@pytest.fixture
def small_office(tmp_path: Path) -> Iterator[Office]:
    yield from run_office(tmp_path, 8, room_members_max=5, **FAST_TALKERS)


async def test_a_room_holds_no_more_people_than_the_setting_says(small_office: Office) -> None:
    one, *others = small_office.people
    async with await SocketClient.connect(small_office, one) as client:
        too_many = {"client_id": new_key(), "people": ids(tuple(others[:5]))}
        assert await client.refusal("room.create", **too_many) == "too_many"
        room = await client.create(*others[:3])
        crowd = {"client_id": new_key(), "room": room, "people": ids(tuple(others[:5]))}
        assert await client.refusal("room.invite", **crowd) == "too_many"
        await client.invite(room, *others[:4])
        assert (await client.ask("room.get", room=room))["room"]["room"]["member_count"] == 5
        assert (
            await client.refusal("room.invite", client_id=new_key(), room=room, people=[others[5].id])
            == "too_many"
        )
