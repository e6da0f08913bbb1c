"""Messages are shown for as long as the kind of their room says, then to nobody, and then they are gone."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.clients import RefusedError, SocketClient
from tests.databases.choice import KINDS, chosen_database
from tests.model_client import ModelClient
from tests.room_model import fetch_timeline
from tests.serving import Office, eventually, run_office
from tests.upkeep.turns import all_are_due

DAY_MS = 86_400_000
LONG_AGO = 40
"""Days."""


@pytest.fixture(scope="module", params=KINDS, autouse=True)
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    with chosen_database(request.param):
        yield request.param


@pytest.fixture(scope="module")
def office(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    settings = {"upkeep_seconds": 0.2, "retention_days_group": 30, "retention_days_direct": 0}
    yield from run_office(tmp_path_factory.mktemp("office"), 20, **settings)


def age(office: Office, room: str, up_to: int, days: int = LONG_AGO) -> None:
    """The first messages of a room were sent that long ago; and whatever was cleaned up, it is time again."""
    then = int(time.time() * 1000) - days * DAY_MS
    office.change("UPDATE rooms SET created_at = ? WHERE room_id = ?", then, room)
    office.change("UPDATE messages SET sent_at = ? WHERE room_id = ? AND seq <= ?", then, room, up_to)
    all_are_due(office)


def kept_rows(office: Office, room: str) -> list[int]:
    """After the clean-up has come by once more."""
    office.change("UPDATE chores SET done_at = 0")
    rows = office.rows("SELECT seq FROM messages WHERE room_id = ? ORDER BY seq", room)
    return [seq for (seq,) in rows]


async def test_old_messages_are_hidden_from_all_and_deleted(office: Office) -> None:
    one, two, three = office.some(3)
    async with await SocketClient.connect(office, one) as a, await SocketClient.connect(office, two) as b:
        room = await a.create(two, three)
        for number in range(8):
            await a.send(room, f"talk {number}")
        await b.event("message.new", room=room, version=10)
        age(office, room, up_to=5)
        await b.event("room.changed", room=room, floor=5)
        view = (await b.ask("room.get", room=room))["room"]
        assert view["mine"]["floor"] == 5
        assert view["mine"]["unread"] == 4
        page = await b.ask("message.history", room=room)
        assert [row["seq"] for row in page["messages"]] == [6, 7, 8, 9]
        assert not page.get("more_before")
        with pytest.raises(RefusedError, match="not_found"):
            await b.ask("message.unread_by", room=room, seq=5)
        assert eventually(lambda: kept_rows(office, room) == [6, 7, 8, 9], 15)
        # Nothing but the floor has changed for who comes from before it.
        answer = await b.ask("sync", rooms={room: [10, -1]}, personal=0)
        (delta,) = answer["rooms"]
        assert not delta.get("messages")
        assert delta["mine"]["floor"] == 5


async def test_who_is_there_and_who_was_away_end_up_with_what_a_fresh_client_sees(office: Office) -> None:
    one, two, three = office.some(3)
    here, away = ModelClient(office, two), ModelClient(office, three)
    async with await SocketClient.connect(office, one) as a:
        await here.connect()
        await away.connect()
        room = await a.create(two, three)
        for number in range(6):
            await a.send(room, f"talk {number}")
        await here.idle()
        await away.idle()
        await away.disconnect()
        age(office, room, up_to=4)
        assert eventually(lambda: kept_rows(office, room)[0] == 5, 15)
        await a.send(room, "and on")
        await away.connect()
        for client, person in ((here, two), (away, three)):
            await client.sync()
            with office.rest(person.token) as rest:
                fresh = fetch_timeline(rest, room)
            assert [row["seq"] for row in fresh] == [5, 6, 7, 8]
            assert [client.rooms[room].rows[seq]["body"] for seq in sorted(client.rooms[room].rows)] == [
                row["body"] for row in fresh
            ]
    await here.disconnect()
    await away.disconnect()


async def test_a_room_of_which_everything_is_old_is_empty_and_goes_on(office: Office) -> None:
    one, two, three = office.some(3)
    async with await SocketClient.connect(office, one) as a, await SocketClient.connect(office, two) as b:
        room = await a.create(two, three)
        await a.send(room, "the last word for long")
        age(office, room, up_to=2)
        await b.event("room.changed", room=room, floor=2)
        view = (await b.ask("room.get", room=room))["room"]
        assert view["room"].get("last") is None
        assert view["mine"]["unread"] == 0
        assert (await b.ask("message.history", room=room))["messages"] == []
        assert eventually(lambda: kept_rows(office, room) == [], 15)
        answer = await a.send(room, "and again")
        assert answer["seq"] == 3
        heard = await b.event("message.new", room=room, version=answer["version"])
        assert heard["message"]["seq"] == 3


async def test_kinds_that_are_kept_for_ever_are(office: Office) -> None:
    one, two, three = office.some(3)
    async with await SocketClient.connect(office, one) as a:
        direct, group = await a.create(two), await a.create(two, three)
        for room in (direct, group):
            await a.send(room, "long ago")
            age(office, room, up_to=2, days=4_000)
        assert eventually(lambda: kept_rows(office, group) == [], 15)
        assert kept_rows(office, direct) == [1]
