"""Where the house shows receipts to senders alone, or to nobody, no path shows a cursor to anybody else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients import SocketClient
from tests.promises.conftest import FAST_TALKERS
from tests.serving import Office, run_office


@pytest.fixture(params=["sender", "nobody"], scope="module")
def receipts(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def office(receipts: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder: Path = tmp_path_factory.mktemp("office")
    yield from run_office(folder, receipts=receipts, **FAST_TALKERS)


async def test_no_path_shows_cursors_that_are_not_to_be_shown(office: Office, receipts: str) -> None:
    sender, reader, other = office.some(3)
    async with (
        await SocketClient.connect(office, sender) as a,
        await SocketClient.connect(office, reader) as b,
        await SocketClient.connect(office, other) as c,
    ):
        room = await a.create(reader, other)
        for client in (a, b, c):
            await client.ask("room.open", room=room)
        sent = await a.send(room, "have you seen this?")
        assert (await b.ask("read.mark", room=room, seq=sent["seq"]))["read_seq"] == sent["seq"]
        held = {room: [0, 0]}
        for client, person in ((a, sender), (c, other)):
            opened = await client.ask("room.open", room=room)
            told = {member["user"]: member.get("read_seq", 0) for member in opened["members"]}
            assert told[reader.id] == 0
            assert "cursors" not in json.dumps(await client.ask("sync", rooms=held, personal=0))
            with office.rest(person.token) as rest:
                listed = rest.get(f"/api/rooms/{room}/members").raise_for_status().json()["members"]
            assert {member["user"]: member.get("read_seq", 0) for member in listed}[reader.id] == 0
            await client.settle()
            assert not [event for event in client.events if event["ev"] == "read.moved"]
        assert await c.refusal("message.unread_by", room=room, seq=sent["seq"]) == "not_allowed"
        if receipts == "sender":
            answer = await a.ask("message.unread_by", room=room, seq=sent["seq"])
            assert (answer["people"], answer["read"]) == ([other.id], [reader.id])
        else:
            assert await a.refusal("message.unread_by", room=room, seq=sent["seq"]) == "not_allowed"
        # Reactions, edits and the like tell no cursor either, and my own is mine to know.
        assert (await b.ask("room.get", room=room))["room"]["mine"]["read_seq"] == sent["seq"]
