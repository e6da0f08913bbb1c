"""A message is written anew by who wrote it: everybody sees the same, and what it said is kept."""

from __future__ import annotations

from tests.clients import SocketClient, new_key
from tests.serving import Office


async def test_an_edited_message_is_the_same_for_all_and_says_that_it_was(office: Office) -> None:
    person, other = office.some(2)
    async with (
        await SocketClient.connect(office, person) as a,
        await SocketClient.connect(office, other) as b,
    ):
        room = await a.create(other)
        key = new_key()
        send = {"room": room, "client_id": key, "body": "at tow"}
        sent = await a.ask("message.send", **send)
        await b.ask("message.react", room=room, seq=sent["seq"], emoji="👀", on=True)
        await a.ask("message.edit", room=room, seq=sent["seq"], body="at two")
        live = (await b.event("message.changed", room=room, version=sent["version"] + 2))["message"]
        assert (live["body"], live["at"], live["client_id"]) == ("at two", sent["at"], key)
        assert live["edited_at"] >= sent["at"]
        assert live["reactions"] == [{"emoji": "👀", "people": [other.id]}]
        assert (await b.ask("room.get", room=room))["room"]["room"]["last"] == live
        synced = await b.ask("sync", rooms={room: [sent["version"], -1]}, personal=0)
        assert synced["rooms"][0]["messages"] == [live]
        # The key still stands for what was sent with it.
        assert await a.ask("message.send", **send) == sent
        rows = office.rows("SELECT seq, version, body FROM message_edits WHERE room_id = ?", room)
        assert rows == [(sent["seq"], sent["version"] + 1, "at tow")]


async def test_the_same_text_again_changes_nothing(office: Office) -> None:
    person, other = office.some(2)
    async with await SocketClient.connect(office, person) as a:
        room = await a.create(other)
        sent = await a.send(room, "as it is")
        await a.ask("message.edit", room=room, seq=sent["seq"], body="as it is")
        assert (await a.ask("room.get", room=room))["room"]["room"]["version"] == sent["version"]


async def test_only_who_wrote_it_and_only_for_a_day(office: Office) -> None:
    person, other, third = office.some(3)
    async with (
        await SocketClient.connect(office, person) as a,
        await SocketClient.connect(office, other) as b,
    ):
        room = await a.create(other, third)
        sent = await a.send(room, "mine")
        change = {"room": room, "body": "yours"}
        assert await b.refusal("message.edit", **change, seq=sent["seq"]) == "not_allowed"
        for seq in (1, 0, 10_000):
            assert await a.refusal("message.edit", **change, seq=seq) == "not_found"
        for body in ("", " ", "x" * 4_001, "\x00", 1, None):
            code = await a.refusal("message.edit", room=room, seq=sent["seq"], body=body)
            assert code in ("invalid", "too_long"), body
        office.change("UPDATE messages SET sent_at = sent_at - 86500000 WHERE room_id = ?", room)
        assert await a.refusal("message.edit", **change, seq=sent["seq"]) == "not_allowed"
        assert (await a.ask("message.get", room=room, seqs=[sent["seq"]]))["messages"][0]["body"] == "mine"
