"""Nothing blocks the event loop: no statement, no hashing of passwords, no file, no long computing."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from tests.clients import SocketClient, new_key
from tests.files.uploading import VERSION, Uploader
from tests.promises.conftest import FAST_TALKERS
from tests.serving import PASSWORD, Office, Person

HOUSE = Path(__file__).parents[2]
GROSS_SECONDS = 0.5
"""One turn of the loop computes much less; more than this is a mistake and no noise."""


async def test_heavy_use_of_everything_blocks_nothing(tmp_path: Path) -> None:
    office = Office(tmp_path, 30, **FAST_TALKERS)
    launcher = f"import sys, runpy; sys.path.insert(0, {str(HOUSE)!r});"
    launcher += "runpy.run_module('tests.promises.watched_server', run_name='__main__')"
    office.command = [sys.executable, "-c", launcher]
    office.start()
    try:
        await use_everything(office)
    finally:
        office.stop()
    seen = json.loads((office.data / "blocked.json").read_text())
    assert seen["blocked"] == {}
    assert seen["elsewhere"]["statement"] > 1_000
    assert seen["elsewhere"]["argon2"] >= 10
    assert seen["elsewhere"]["os.fdatasync"] >= 12
    assert seen["elsewhere"]["os.pread"] >= 12
    assert seen["longest_turn"] < GROSS_SECONDS


async def use_everything(office: Office) -> None:
    people = office.people
    clients = [await SocketClient.connect(office, person) for person in people[:6]]
    room = await clients[0].create(*people[1:])
    rooms = [await clients[0].create(person) for person in people[1:]]
    body = "한글 " * 300
    for start in range(0, 1500, 60):
        # In waves: six clients of one test process read slower than a server sends.
        sent = [
            await clients[n % 6].post("message.send", room=room, client_id=new_key(), body=body)
            for n in range(start, start + 60)
        ]
        await asyncio.gather(*sent)
        await asyncio.gather(*(client.settle() for client in clients))

    async def read(client: SocketClient) -> None:
        for _ in range(5):
            await client.timeline(room)
            await client.ask("rooms.list")
            await client.ask("room.open", room=room)
            await client.ask("sync", rooms={room: [1000, 0]}, personal=0)
            await client.ask("unread.get", rooms=rooms)
            await client.ask("message.unread_by", room=room, seq=900)
            await client.ask("read.mark", room=room, seq=1500)
            await client.ask("typing.set", room=room, typing=True)
            await client.ask("presence.watch", people=[person.id for person in people])

    def over_rest() -> None:
        with office.rest() as rest:
            for path in ("/", "/healthz", "/readyz", "/metrics", "/api/server", "/assets/none.js"):
                rest.get(path)
            for number in range(5):
                rest.post("/api/auth/sign-in", json={"login": people[number].id, "password": PASSWORD})
                rest.post("/api/auth/sign-in", json={"login": "nobody", "password": "wrong"})
        with office.rest(people[0].tokens[1]) as rest:
            for path in ("/api/me", "/api/directory/orgs", "/api/directory/team", "/api/rooms", "/api/docs"):
                rest.get(path)
            rest.get("/api/docs/openapi.json")
            rest.get("/api/directory/people", params={"q": "Person"})
            rest.get(f"/api/rooms/{room}/messages", params={"limit": 200})
            rest.patch("/api/me", json={"nickname": "here"})
            rest.post("/api/auth/sign-out", json={})

    others = (asyncio.to_thread(over_rest), asyncio.to_thread(send_files, office, people[1]))
    await asyncio.gather(*(read(client) for client in clients), *others)
    for client in clients:
        await client.close()


def send_files(office: Office, person: Person) -> None:
    mine = Uploader.of(office, person)
    for number in range(4):
        content = bytes([number]) * 3_000_000
        address = mine.begun(len(content))
        for start in range(0, len(content), 1_000_000):
            mine.part(address, start, content[start : start + 1_000_000])
        file = f"/api/files/{address.rpartition('/')[2]}"
        assert mine.rest.get(file).content == content
        mine.rest.delete(address, headers=VERSION)
