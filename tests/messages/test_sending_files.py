"""Messages that carry files, and messages that are passed on."""

from __future__ import annotations

from tests.clients import SocketClient, new_key
from tests.files.uploading import PNG, Uploader
from tests.serving import Office


async def test_a_file_is_seen_by_whoever_sees_its_message_and_by_nobody_else(office: Office) -> None:
    person, other, stranger = office.some(3)
    upload, reader, outsider = (Uploader.of(office, each) for each in (person, other, stranger))
    file_id = upload.whole(PNG, "사진.png")
    async with (
        await SocketClient.connect(office, person) as a,
        await SocketClient.connect(office, other) as b,
        await SocketClient.connect(office, stranger) as c,
    ):
        room = await a.create(other)
        assert reader.rest.get(f"/api/files/{file_id}").status_code == 404
        asked = {"client_id": new_key(), "files": [file_id]}
        assert await b.refusal("message.send", room=room, **asked) == "not_found"
        sent = await a.ask("message.send", room=room, **asked)
        live = (await b.event("message.new", version=sent["version"]))["message"]
        (info,) = live["files"]
        assert (info["id"], info["name"], info["size"], info["kind"]) == (
            file_id,
            "사진.png",
            len(PNG),
            "image",
        )
        assert info["expires_at"] > live["at"]
        assert (await b.ask("room.get", room=room))["room"]["room"]["last"] == live
        assert await a.ask("message.send", room=room, **asked) == sent
        assert await a.refusal("message.send", room=room, **asked, body="x") == "key_reused"
        assert reader.rest.get(f"/api/files/{file_id}").content == PNG
        assert outsider.rest.get(f"/api/files/{file_id}").status_code == 404
        # Theirs to see, and so to pass on; nobody else's.
        own = await c.create(person)
        forged = {"client_id": new_key(), "room": own, "files": [file_id]}
        assert await c.refusal("message.send", **forged) == "not_found"


async def test_a_message_is_passed_on_with_the_same_file_and_seen_by_the_new_room(office: Office) -> None:
    person, other, third = office.some(3)
    file_id = Uploader.of(office, person).whole(b"figures", "figures.csv")
    async with (
        await SocketClient.connect(office, person) as a,
        await SocketClient.connect(office, other) as b,
        await SocketClient.connect(office, third) as c,
    ):
        room = await a.create(other)
        sent = await a.ask(
            "message.send", room=room, client_id=new_key(), body="look at these", files=[file_id]
        )
        further = await b.create(third)
        key = new_key()
        original = {"room": room, "seq": sent["seq"]}
        passed = await b.ask("message.send", room=further, client_id=key, forward=original)
        live = (await c.event("message.new", version=passed["version"]))["message"]
        assert live["body"] == "look at these"
        assert live["forwarded"]
        assert [each["id"] for each in live["files"]] == [file_id]
        got = Uploader.of(office, third).rest.get(f"/api/files/{file_id}")
        assert got.content == b"figures"
        # Only what one may see, and only as it is.
        assert await c.refusal("message.send", room=further, client_id=new_key(), forward=original) == (
            "not_found"
        )
        refused = {"room": further, "client_id": new_key(), "forward": original, "body": "said otherwise"}
        assert await b.refusal("message.send", **refused) == "invalid"


async def test_nothing_at_all_is_no_message(office: Office) -> None:
    person, other = office.some(2)
    async with await SocketClient.connect(office, person) as a:
        room = await a.create(other)
        for body in ("", "  "):
            assert await a.refusal("message.send", room=room, client_id=new_key(), body=body) == "invalid"
