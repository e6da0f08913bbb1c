"""G12: once a revoke has committed, nobody gets the body by any path. Deleted for me is gone for me alone."""

from __future__ import annotations

import json

from tests.clients import SocketClient, new_key
from tests.files.uploading import Uploader
from tests.serving import Office

SECRET = "the salary list"


async def test_a_message_taken_back_is_gone_by_every_path_and_only_who_had_read_it_knows(
    office: Office,
) -> None:
    sender, reader, other = office.some(3)
    async with (
        await SocketClient.connect(office, sender) as a,
        await SocketClient.connect(office, reader) as b,
        await SocketClient.connect(office, other) as c,
    ):
        room = await a.create(reader, other)
        before = await a.send(room, "good morning")
        file_id = Uploader.of(office, sender).whole(b"figures", "figures.csv")
        sent = await a.ask(
            "message.send", room=room, client_id=new_key(), body=SECRET, files=[file_id], mentions=[other.id]
        )
        seq = sent["seq"]
        answer = await b.ask("message.send", room=room, client_id=new_key(), body="really?", reply_to=seq)
        await a.ask("room.pin", room=room, seq=seq)
        await a.ask("message.edit", room=room, seq=seq, body=SECRET + "!")
        await b.ask("read.mark", room=room, seq=answer["seq"])
        assert await b.refusal("message.revoke", room=room, seq=seq) == "not_allowed"
        assert (await c.ask("unread.get", rooms=[room]))["unread"] == {room: 3}
        for client in (a, b, c):
            await client.settle()
            client.events.clear()
        await a.ask("message.revoke", room=room, seq=seq)
        for client in (a, b, c):
            event = await client.event("message.changed", room=room)
            assert event["message"]["kind"] == "revoked"
        for client, person, knows in ((a, sender, True), (b, reader, True), (c, other, False)):
            uploads = Uploader.of(office, person)
            held = {room: [before["version"], -1]}
            told = [
                *client.events,
                await client.ask("message.history", room=room),
                await client.ask("message.history", room=room, around=seq),
                await client.ask("message.get", room=room, seqs=[seq]),
                await client.ask("sync", rooms=held, personal=0),
                await client.ask("sync", rooms={}, personal=0),
                await client.ask("rooms.list"),
                await client.ask("room.open", room=room),
                await client.ask("news.get", since=1),
                uploads.rest.get(f"/api/rooms/{room}/messages").json(),
            ]
            assert SECRET not in json.dumps(told)
            assert file_id not in json.dumps(told)
            assert uploads.rest.get(f"/api/files/{file_id}").status_code == 404
            (row,) = (await client.ask("message.get", room=room, seqs=[seq]))["messages"]
            assert (row.get("kind") == "revoked", row.get("gone", False)) == (knows, not knows)
            one = uploads.rest.get(f"/api/rooms/{room}/messages/{seq}")
            assert one.status_code == (200 if knows else 404)
            assert row in (await client.ask("sync", rooms=held, personal=0))["rooms"][0]["messages"]
            for command, fields in (
                ("message.edit", {"body": "x"}),
                ("message.react", {"emoji": "👍", "on": True}),
                ("room.pin", {}),
                ("message.revoke", {}),
            ):
                assert await client.refusal(command, room=room, seq=seq, **fields) == "not_found"
            passed = {"client_id": new_key(), "forward": {"room": room, "seq": seq}}
            assert await client.refusal("message.send", room=room, **passed) == "not_found"
        assert (await c.ask("unread.get", rooms=[room]))["unread"] == {room: 2}
        view = (await c.ask("room.get", room=room))["room"]["room"]
        assert view["last"]["body"] == "really?"
        assert "pinned" not in view
        assert not office.rows("SELECT 1 FROM message_edits WHERE room_id = ?", room)


async def test_what_was_said_last_moves_back_when_it_is_taken_back(office: Office) -> None:
    sender, other = office.some(2)
    async with await SocketClient.connect(office, sender) as a:
        room = await a.create(other)
        sent = [await a.send(room, text) for text in ("first", "second")]
        for each, left in zip(reversed(sent), ("first", None), strict=True):
            await a.ask("message.revoke", room=room, seq=each["seq"])
            last = (await a.ask("room.get", room=room))["room"]["room"].get("last")
            assert (last and last["body"]) == left


async def test_what_i_delete_for_myself_is_gone_on_all_my_devices_and_stays_for_others(
    office: Office,
) -> None:
    person, other = office.some(2)
    async with (
        await SocketClient.connect(office, person) as a,
        await SocketClient.connect(office, other) as b,
    ):
        room = await a.create(other)
        sent = [await b.send(room, text) for text in ("keep", "delete", "delete too")]
        seqs = [each["seq"] for each in sent[1:]]
        await a.ask("message.delete", room=room, seqs=seqs)
        told = await a.event("mine.changed")
        while "deleted" not in told:
            told = await a.event("mine.changed")
        assert told["deleted"] == {room: seqs}
        await b.ask("message.react", room=room, seq=seqs[0], emoji="👍", on=True)
        rows = {row["seq"]: row for row in (await a.ask("message.history", room=room))["messages"]}
        assert [rows[seq].get("gone", False) for seq in seqs] == [True, True]
        assert (await a.ask("room.get", room=room))["room"]["room"]["last"]["body"] == "keep"
        synced = await a.ask("sync", rooms={room: [sent[0]["version"], -1]}, personal=0)
        assert synced["deleted"] == {room: seqs}
        assert "delete" not in json.dumps(synced["rooms"][0]["messages"])
        theirs = (await b.ask("message.history", room=room))["messages"]
        assert [row["body"] for row in theirs[-2:]] == ["delete", "delete too"]
        assert await a.refusal("message.delete", room=room, seqs=[10_000]) == "not_found"
        cleared = (await a.ask("room.clear", room=room))["room"]
        assert cleared["mine"]["floor"] == sent[2]["seq"]
        assert (await a.ask("message.history", room=room))["messages"] == []
        assert len((await b.ask("message.history", room=room))["messages"]) == len(theirs)
