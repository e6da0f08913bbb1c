"""What I have begun to write waits for me on all my devices, and for nobody else."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.clients import SocketClient, ids, new_key
from tests.drafts.desk import Desk
from tests.serving import Office, Person


async def room_of(office: Office, one: Person, *others: Person) -> str:
    async with await SocketClient.connect(office, one) as client:
        return await client.create(*others)


def listed(office: Office, token: str) -> list[dict[str, Any]]:
    with office.rest(token) as rest:
        return rest.get("/api/me/drafts").raise_for_status().json()["drafts"]


async def test_a_draft_shows_on_my_other_devices_at_once_and_on_nobody_elses(office: Office) -> None:
    one, two = office.some(2)
    room = await room_of(office, one, two)
    before = time.time() * 1000
    async with (
        await SocketClient.connect(office, one, device=0) as desk,
        await SocketClient.connect(office, one, device=1) as laptop,
        await SocketClient.connect(office, two) as other,
    ):
        answer = await desk.ask("draft.set", room=room, text="  내일 회의\n는 ")
        told = await laptop.event("mine.changed", personal=answer["personal"])
        (draft,) = told["drafts"]
        assert (draft["room"], draft["text"]) == (room, "  내일 회의\n는 ")
        assert before - 1 <= draft["at"] <= time.time() * 1000
        await other.settle()
        assert not other.got("mine.changed")
        assert "내일" not in str(await other.ask("sync", rooms={}, personal=0))
    assert listed(office, one.token) == [draft]
    assert listed(office, two.token) == []


async def test_a_device_that_was_away_learns_what_was_begun_and_what_was_taken_away(office: Office) -> None:
    one, two, three = office.some(3)
    rooms = [await room_of(office, one, two), await room_of(office, one, three)]
    desk, laptop = (Desk(office, one, device, rooms) for device in (0, 1))
    await desk.connect()
    await laptop.connect()
    try:
        await laptop.reach((await desk.set(rooms[0], "to be taken away"))["personal"])
        await laptop.disconnect()
        await desk.set(rooms[1], "begun")
        await desk.set(rooms[1], "begun elsewhere")
        await desk.set(rooms[0], "")
        await laptop.connect()
        assert laptop.drafts == desk.drafts == {rooms[1]: "begun elsewhere"}
    finally:
        await desk.disconnect()
        await laptop.disconnect()


async def test_a_new_device_is_told_only_of_drafts_with_something_in_them(office: Office) -> None:
    one, two, three = office.some(3)
    rooms = [await room_of(office, one, two), await room_of(office, one, three)]
    async with await SocketClient.connect(office, one) as desk:
        await desk.ask("draft.set", room=rooms[0], text="kept")
        await desk.ask("draft.set", room=rooms[1], text="begun")
        last = await desk.ask("draft.set", room=rooms[1], text="")
        fresh = await desk.ask("sync", rooms={}, personal=0)
        assert [(draft["room"], draft["text"]) for draft in fresh["drafts"]] == [(rooms[0], "kept")]
        later = await desk.ask("sync", rooms={}, personal=last["personal"] - 1)
        assert [(draft["room"], draft.get("text", "")) for draft in later["drafts"]] == [(rooms[1], "")]
        assert "drafts" not in await desk.ask("sync", rooms={}, personal=last["personal"])


async def test_the_same_text_again_is_told_to_nobody(office: Office) -> None:
    one, two = office.some(2)
    room = await room_of(office, one, two)
    async with (
        await SocketClient.connect(office, one, device=0) as desk,
        await SocketClient.connect(office, one, device=1) as laptop,
    ):
        # Nothing is what there was before.
        await desk.ask("draft.set", room=room, text="")
        first = await desk.ask("draft.set", room=room, text="once")
        again = await desk.ask("draft.set", room=room, text="once")
        assert again == first
        await laptop.event("mine.changed", personal=first["personal"])
        await laptop.settle()
        assert len(laptop.got("mine.changed")) == 1


@pytest.mark.parametrize(
    ("text", "code"),
    [("x" * 4000, ""), ("😀" * 2000, ""), ("x" * 4001, "too_long"), ("😀" * 2001, "too_long"),
     ("a\x00b", "invalid"), (None, "invalid"), (7, "invalid")],
    ids=["4,000 letters", "2,000 emoji", "4,001 letters", "2,001 emoji", "a zero", "null", "a number"],
)  # fmt: skip
async def test_a_draft_may_be_as_long_as_a_message(office: Office, text: Any, code: str) -> None:
    one, two = office.some(2)
    room = await room_of(office, one, two)
    async with await SocketClient.connect(office, one) as client:
        if code:
            assert await client.refusal("draft.set", room=room, text=text) == code
            assert listed(office, one.token) == []
        else:
            await client.ask("draft.set", room=room, text=text)
            assert [draft["text"] for draft in listed(office, one.token)] == [text]


async def test_rest_does_the_same(office: Office) -> None:
    one, two = office.some(2)
    room = await room_of(office, one, two)
    with office.rest(one.token) as rest:
        async with await SocketClient.connect(office, one, device=1) as laptop:
            answer = rest.put(f"/api/rooms/{room}/draft", json={"text": "by REST"}).raise_for_status().json()
            told = await laptop.event("mine.changed", personal=answer["personal"])
            assert told["drafts"][0]["text"] == "by REST"
        assert [draft["text"] for draft in listed(office, one.token)] == ["by REST"]
        for body in ({}, {"text": None}, {"text": "x", "more": 1}):
            assert rest.put(f"/api/rooms/{room}/draft", json=body).status_code == 400
        for text in ("x" * 4001, "😀" * 2001):
            assert rest.put(f"/api/rooms/{room}/draft", json={"text": text}).status_code in (400, 413)


async def test_others_rooms_take_no_draft(office: Office) -> None:
    one, two, stranger = office.some(3)
    room = await room_of(office, one, two)
    async with await SocketClient.connect(office, stranger) as client:
        for each in (room, "nothing"):
            assert await client.refusal("draft.set", room=each, text="x") == "not_found"
    with office.rest(stranger.token) as rest:
        answers = [rest.put(f"/api/rooms/{each}/draft", json={"text": "x"}) for each in (room, "nothing")]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    assert office.rows("SELECT * FROM drafts WHERE user_id = ?", stranger.id) == []


async def test_who_leaves_or_is_removed_leaves_no_draft_behind(office: Office) -> None:
    master, removed, leaving = office.some(3)
    room = await room_of(office, master, removed, leaving)
    async with (
        await SocketClient.connect(office, master) as client,
        await SocketClient.connect(office, removed) as one,
        await SocketClient.connect(office, leaving) as two,
    ):
        for each in (client, one, two):
            await each.ask("draft.set", room=room, text="begun")
        await client.ask("room.remove", room=room, person=removed.id)
        # Two are left: this only clears and hides the room.
        await two.ask("room.leave", room=room)
        for each, person in ((one, removed), (two, leaving)):
            assert listed(office, person.token) == []
            assert "drafts" not in await each.ask("sync", rooms={}, personal=0)
            assert await each.refusal("draft.set", room=room, text="late") == "not_found"
        assert len(listed(office, master.token)) == 1
        await client.invite(room, removed)
        await client.send(room, "and back")
        assert listed(office, removed.token) == listed(office, leaving.token) == []
        await two.ask("draft.set", room=room, text="begun anew")
        assert len(listed(office, leaving.token)) == 1


async def test_a_draft_outlives_the_server(office: Office) -> None:
    one, two = office.some(2)
    room = await room_of(office, one, two)
    async with await SocketClient.connect(office, one) as client:
        await client.ask("draft.set", room=room, text="kept")
        office.kill()
    office.start()
    assert [draft["text"] for draft in listed(office, one.token)] == ["kept"]


async def test_a_session_that_has_ended_writes_no_draft_any_more(office: Office) -> None:
    one, two = office.some(2)
    room = await room_of(office, one, two)
    async with await SocketClient.connect(office, one, device=1) as laptop:
        with office.rest(one.token) as rest:
            removed = rest.delete(f"/api/me/sessions/{one.sessions[1]}")
        asked = await laptop.post("draft.set", room=room, text="late")
        assert removed.status_code == 204
        with pytest.raises(Exception, match=r"unauthorized|closed"):
            await asked
    assert listed(office, one.token) == []


async def test_at_most_500_drafts_are_told_and_the_newest_are_among_them(office: Office) -> None:
    (one,) = office.some(1)
    others = [person for person in office.people if person.id != one.id][:45]
    pairs = [(a, b) for n, a in enumerate(others) for b in others[n + 1 :]][:505]
    async with await SocketClient.connect(office, one) as client:
        rooms = []
        for pair in pairs:
            made = await client.ask("room.create", client_id=new_key(), people=ids(pair))
            rooms.append(made["room"]["room"]["id"])
        for room in rooms:
            await client.ask("draft.set", room=room, text="x")
        told = (await client.ask("sync", rooms={}, personal=0))["drafts"]
    assert len(told) == len(listed(office, one.token)) == 500
    assert {draft["room"] for draft in told} == set(rooms[-500:])
