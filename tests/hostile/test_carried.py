"""What messages carry, used against us: files after leaving, too much of everything, pages as names."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.clients import LostError, SocketClient, new_key
from tests.files.test_looking import picture
from tests.files.uploading import Uploader
from tests.promises.conftest import FAST_TALKERS
from tests.serving import Office, run_office


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    yield from run_office(tmp_path_factory.mktemp("office"), **FAST_TALKERS)


async def test_no_address_of_a_file_works_for_who_is_no_longer_in_the_room(office: Office) -> None:
    master, leaver, removed = office.some(3)
    async with (
        await SocketClient.connect(office, master) as a,
        await SocketClient.connect(office, leaver) as b,
    ):
        room = await a.create(leaver, removed)
        file_id = Uploader.of(office, master).whole(picture("PNG"), "plan.png")
        sent = await a.ask("message.send", room=room, client_id=new_key(), files=[file_id])
        readers = [Uploader.of(office, person) for person in (leaver, removed)]
        paths = [f"/api/files/{file_id}{end}" for end in ("", "/thumb", "/plan.png", "?download")]
        tags = [[each.rest.get(path).headers["etag"] for path in paths] for each in readers]
        await b.ask("room.leave", room=room)
        await a.ask("room.remove", room=room, person=removed.id)
        for each, held in zip(readers, tags, strict=True):
            for path, tag in zip(paths, held, strict=True):
                for headers in ({}, {"If-None-Match": tag}, {"Range": "bytes=0-9"}):
                    assert each.rest.get(path, headers=headers).status_code == 404
            passed = {"client_id": new_key(), "forward": {"room": room, "seq": sent["seq"]}}
            async with await SocketClient.connect(
                office, leaver if each is readers[0] else removed
            ) as client:
                own = await client.create()
                assert await client.refusal("message.send", room=own, **passed) == "not_found"
                again = {"client_id": new_key(), "files": [file_id]}
                assert await client.refusal("message.send", room=own, **again) == "not_found"


async def test_an_expired_file_is_gone_for_all_and_sent_by_nobody(office: Office) -> None:
    person, other = office.some(2)
    async with await SocketClient.connect(office, person) as a:
        room = await a.create(other)
        upload = Uploader.of(office, person)
        file_id = upload.whole(picture("PNG"), "plan.png")
        sent = await a.ask("message.send", room=room, client_id=new_key(), files=[file_id], body="plan")
        office.change("UPDATE files SET expires_at = 1 WHERE file_id = ?", file_id)
        for path in (f"/api/files/{file_id}", f"/api/files/{file_id}/thumb"):
            assert upload.rest.get(path).status_code == 404
        again = {"client_id": new_key(), "files": [file_id]}
        assert await a.refusal("message.send", room=room, **again) == "not_found"
        assert (await a.ask("message.get", room=room, seqs=[sent["seq"]]))["messages"][0]["body"] == "plan"


async def test_too_much_of_everything_is_refused_politely_or_done_quickly(office: Office) -> None:
    person, other = office.some(2)
    async with (
        await SocketClient.connect(office, person) as a,
        await SocketClient.connect(office, other) as b,
    ):
        room = await a.create(other)
        refused = {
            "100,000 emoji": {"body": "🎉" * 100_000},
            "100,000 names": {"body": "x", "mentions": ["p0000"] * 100_000},
            "51 names": {"body": "x", "mentions": [f"p{n}" for n in range(51)]},
            "21 files": {"body": "x", "files": [f"file{n}" for n in range(21)]},
            "a file that is a path": {"files": ["../../etc/passwd"]},
            "a file that is nothing": {"files": [""]},
            "a forward of nothing": {"forward": {"room": "", "seq": 1}},
            "100,000 addresses": {"body": "http://a.example/ " * 100_000},
        }
        for what, said in refused.items():
            fields = {"id": 9, "cmd": "message.send", "room": room, "client_id": new_key(), **said}
            try:
                code = await a.refusal(
                    "message.send", **{k: v for k, v in fields.items() if k not in ("id", "cmd")}
                )
                assert code in ("malformed", "too_long", "invalid", "not_found", "too_many"), what
            except LostError:
                # Larger than any frame may be: the line is closed.
                await a.close()
                a = await SocketClient.connect(office, person)
        # As many as fit into a message are told to everybody.
        for body in ("🎉" * 2_000, "http://a.example/ " * 222, "@p0000 " * 570, "*_`" * 1_300, "> " * 2_000):
            sent = await b.send(room, body.strip())
            assert sent["seq"]


async def test_names_and_titles_are_only_words(office: Office) -> None:
    person, other = office.some(2)
    page = '"><img src=x onerror=alert(1)>'
    async with await SocketClient.connect(office, person) as a:
        room = await a.create(other, office.some(1)[0])
        await a.ask("room.rename", room=room, name=page, scope="all")
        upload = Uploader.of(office, person)
        file_id = upload.whole(b"words", f"{page}.html\u202egnp.exe")
        await a.ask("message.send", room=room, client_id=new_key(), files=[file_id])
        info = (await a.ask("message.history", room=room))["messages"][-1]["files"][0]
        assert "\u202e" not in info["name"]
        answer = upload.rest.get(f"/api/files/{file_id}")
        assert answer.headers["content-disposition"].startswith("attachment")
        assert "sandbox" in answer.headers["content-security-policy"]
        assert "text/html" not in answer.headers["content-type"]
