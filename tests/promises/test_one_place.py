"""One live place for each person and kind of device: the newer page has it, the older one waits."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from sendjay.protocol.errors import Close
from tests.clients import LostError, RefusedError, SocketClient, new_key
from tests.pages import AT_ONCE, LAPTOP, PHONE, Page
from tests.promises.conftest import FAST_TALKERS
from tests.serving import Office, Person, run_office


@pytest.fixture(scope="module")
def office(office_folder: Path) -> Iterator[Office]:
    yield from run_office(office_folder, several_connections="false", **FAST_TALKERS)


def newest_generation(office: Office, person: Person) -> int:
    ((newest,),) = office.rows("SELECT max(generation) FROM sessions WHERE user_id = ?", person.id)
    return newest


async def test_a_newer_page_takes_the_place_and_the_older_one_is_told_by_whom(office: Office) -> None:
    (one,) = office.some(1)
    async with await Page.open(office, one) as desk:
        assert desk.is_live
        assert desk.generation == 1
        async with await Page.open(office, one, LAPTOP) as laptop:
            assert laptop.is_live
            assert laptop.generation == 2
            told = await desk.client.event("parked")
            assert told["by"] == {"kind": "web", "name": "The laptop"}
            async with await Page.open(office, one) as again:
                assert (await laptop.client.event("parked"))["by"]["name"] == "The desk"
                told = await desk.client.event(
                    "parked", by={"kind": "web", "name": "The desk", "same_browser": True}
                )
                assert again.is_live
                assert not desk.is_live


async def test_a_client_that_knows_nothing_of_places_takes_it(office: Office) -> None:
    (one,) = office.some(1)
    async with await Page.open(office, one) as page, await SocketClient.connect(office, one, device=LAPTOP):
        await page.client.event("parked")


async def test_a_parked_page_hears_nothing_may_do_nothing_and_is_in_sync_when_it_takes_over(
    office: Office,
) -> None:
    one, two = office.some(2)
    async with await Page.open(office, one) as desk, await SocketClient.connect(office, two) as other:
        room = await other.create(one)
        await desk.client.ask("presence.watch", people=[two.id])
        opened = await desk.client.ask("room.open", room=room)
        head = opened["room"]["room"]
        async with await Page.open(office, one, LAPTOP) as laptop:
            await desk.client.event("parked")
            heard = len(desk.client.events)
            await other.send(room, "while it is parked")
            await other.ask("room.open", room=room)
            await other.ask("typing.set", room=room, typing=True)
            await laptop.client.event("message.new")
            for command in (
                {"cmd": "message.send", "room": room, "client_id": new_key(), "body": "x"},
                {"cmd": "rooms.list"},
                {"cmd": "sync"},
                {"cmd": "focus.set", "rooms": [room]},
                {"cmd": "presence.watch", "people": [two.id]},
            ):
                assert await desk.client.refusal(**command) == "parked"
            await desk.client.settle()
            assert len(desk.client.events) == heard
            held = {"rooms": {room: [head["version"], head["read_version"]]}, "personal": 0}
            welcome = await desk.take(sync=held)
            assert desk.is_live
            assert [row["body"] for delta in welcome["sync"]["rooms"] for row in delta["messages"]] == [
                "while it is parked"
            ]
            await laptop.client.event("parked")
            await other.send(room, "afterwards")
            await desk.client.event("message.new")
            assert not laptop.client.got("message.new", version=head["version"] + 2)
            # What it had on screen before is not: it says so again itself.
            assert not desk.client.got("typing")


async def test_taking_over_in_the_middle_of_talk_misses_nothing_and_doubles_nothing(office: Office) -> None:
    one, two = office.some(2)
    async with (
        await SocketClient.connect(office, two) as other,
        await Page.open(office, one) as desk,
        await Page.open(office, one, LAPTOP) as laptop,
    ):
        room = await other.create(one)
        await laptop.client.event("room.added")
        head = (await laptop.client.ask("room.get", room=room))["room"]["room"]
        pages, rows = [desk, laptop], []

        def reached() -> int:
            return rows[-1]["version"] if rows else head["version"]

        async def take_turns() -> None:
            """The next page takes over, catches up, and hears what comes until the other one does."""
            page = pages[0]
            pages.reverse()
            page.client.events.clear()
            welcome = await page.take(sync={"rooms": {room: [reached(), -1]}})
            for delta in welcome["sync"].get("rooms", ()):
                rows.extend(delta.get("messages", ()))
            await asyncio.sleep(0.02)
            await page.client.settle()
            news = [event["message"] for event in page.client.got("message.new")]
            rows.extend(row for row in news if row["version"] > reached())

        talking = asyncio.ensure_future(talk(other, room, 300))
        while not talking.done():
            await take_turns()
        await take_turns()
        assert [row["body"] for row in rows] == [str(number) for number in range(300)]


async def talk(client: SocketClient, room: str, count: int) -> None:
    for number in range(count):
        await client.send(room, str(number))


async def test_the_web_and_the_app_are_side_by_side(office: Office) -> None:
    one, two = office.some(2)
    async with (
        await Page.open(office, one) as desk,
        await Page.open(office, one, PHONE) as phone,
        await SocketClient.connect(office, two) as other,
    ):
        room = await other.create(one)
        await other.send(room, "to both")
        for page in (desk, phone):
            await page.client.event("message.new")
            assert page.is_live


async def test_a_background_page_takes_nothing_from_a_window_of_its_browser(office: Office) -> None:
    (one,) = office.some(1)
    async with await Page.open(office, one, browser="chrome") as window:
        async with await Page.open(office, one, browser="chrome", standing="background") as portal:
            assert portal.parked == {"kind": "web", "name": "The desk", "same_browser": True}
            await portal.take()
            assert not portal.is_live
            assert window.is_live
        async with await Page.open(office, one, LAPTOP, browser="edge", standing="background") as elsewhere:
            assert elsewhere.is_live
            await window.client.event("parked")
            async with await Page.open(office, one, LAPTOP, browser="edge") as messenger:
                assert messenger.is_live
                await elsewhere.client.event("parked")


async def test_with_the_setting_everybody_is_live_in_several_places(tmp_path: Path) -> None:
    for office in run_office(tmp_path, 2, several_connections="true"):
        one = office.people[0]
        async with await Page.open(office, one) as desk, await Page.open(office, one, LAPTOP) as laptop:
            await laptop.client.settle()
            await desk.client.settle()
            assert desk.is_live
            assert laptop.is_live
            assert (await desk.take())["user"] == one.id


async def test_machines_connect_as_often_as_they_like(tmp_path: Path) -> None:
    office = Office(tmp_path, 2, several_connections="false")
    one = office.people[0]
    office.change("UPDATE users SET kind = 'integration' WHERE user_id = ?", one.id)
    office.start()
    try:
        async with await Page.open(office, one) as first, await Page.open(office, one) as second:
            await first.client.settle()
            assert first.is_live
            assert second.is_live
            assert not first.client.got("parked")
    finally:
        office.stop()


async def test_a_session_that_ends_while_parked_is_told_and_closed(office: Office) -> None:
    one, two = office.some(2)
    async with (
        await Page.open(office, one) as desk,
        await Page.open(office, one, LAPTOP) as laptop,
        await SocketClient.connect(office, two),
    ):
        await desk.client.event("parked")
        with office.rest(one.tokens[0]) as rest:
            assert rest.post("/api/auth/sign-out", json={}).status_code == 204
        assert await desk.client.close_code() == Close.STOP
        assert desk.client.events[-1] == {"ev": "signed_out", "reason": "signed_out"}
        await laptop.client.settle()
        assert laptop.is_live


async def test_the_place_of_a_session_that_ended_is_free_at_once(office: Office) -> None:
    (one,) = office.some(1)
    async with await Page.open(office, one, answers_free=True) as desk:
        laptop = await Page.open(office, one, LAPTOP)
        await desk.client.event("parked")
        with office.rest(one.tokens[LAPTOP]) as rest:
            assert rest.post("/api/auth/sign-out", json={}).status_code == 204
        assert await laptop.client.close_code() == Close.STOP
        assert await desk.comes_to_be_live(AT_ONCE)


async def test_a_token_renewed_in_time_cuts_no_line_parked_or_not(tmp_path: Path) -> None:
    settings = {"several_connections": "false", "tick_seconds": 0.5, "access_token_seconds": 4}
    for office in run_office(tmp_path, 2, **settings):
        with office.rest() as rest:
            body = {"login": "p0000", "password": "seventeen grey herons"}
            held = rest.post("/api/auth/sign-in", json=body).json()
            who = Person("p0000", (held["access_token"],) * 2, ())
            async with await Page.open(office, who) as parked, await Page.open(office, who) as live:
                assert 0 < live.client.welcome["token_seconds"] <= 4
                await parked.client.event("parked")
                for _ in range(4):
                    await asyncio.sleep(1.5)
                    renewal = {"refresh_token": held["refresh_token"]}
                    held = rest.post("/api/auth/refresh", json=renewal).raise_for_status().json()
                for page in (parked, live):
                    await page.client.settle()
                for page in (parked, live):
                    assert await page.client.close_code() == Close.REFRESH


async def test_presence_knows_only_who_is_live(office: Office) -> None:
    one, two = office.some(2)
    async with await Page.open(office, one) as desk, await SocketClient.connect(office, two) as other:
        laptop = await Page.open(office, one, LAPTOP)
        await desk.client.event("parked")
        assert (await other.ask("presence.watch", people=[one.id]))["people"] == {one.id: {"web": True}}
        await laptop.break_off()
        gone = await other.event("presence")
        assert gone["people"] == {one.id: {}}
        with pytest.raises((LostError, RefusedError)):
            await desk.client.ask("rooms.list")
