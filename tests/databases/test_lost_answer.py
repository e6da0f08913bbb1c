"""A database that commits and is killed before it says so: what is on its disk is told to everybody."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients import RefusedError, SocketClient, new_key
from tests.databases.postgres import Postgres
from tests.promises.conftest import FAST_TALKERS
from tests.serving import Office


@pytest.fixture
def server() -> Iterator[Postgres]:
    server = Postgres()
    server.start()
    try:
        server.create("office")
        yield server
    finally:
        server.remove()


@pytest.fixture
def office(server: Postgres, tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path, 3, database_url=server.url("office"), **FAST_TALKERS)
    office.start()
    yield office
    office.stop(has_troubles=True)


def commit_without_a_word(server: Postgres) -> None:
    """What is committed is on disk, and waits for a standby that never comes to be acknowledged."""
    server.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
    server.execute("SELECT pg_reload_conf()")


def kill_and_start(server: Postgres) -> None:
    server.kill()
    (server.data / "postgresql.auto.conf").write_text("")
    server.start()


async def until_sent(client: SocketClient, room: str, key: str) -> None:
    """As an outbox does it."""
    while True:
        try:
            await client.send(room, "kept", key)
            return
        except RefusedError as refused:
            if refused.code != "busy":
                raise
        await asyncio.sleep(0.2)


async def test_what_was_committed_without_an_answer_is_told_to_those_it_is_for(
    server: Postgres, office: Office
) -> None:
    one, two, three = office.people
    async with (
        await SocketClient.connect(office, one) as sender,
        await SocketClient.connect(office, two) as hearer,
        await SocketClient.connect(office, three) as guest,
    ):
        room = await sender.create(two)
        await asyncio.to_thread(commit_without_a_word, server)
        key = new_key()
        await sender.post("message.send", room=room, client_id=key, body="kept")
        await sender.post("room.create", client_id=new_key(), people=[three.id])
        await asyncio.sleep(0.5)
        await asyncio.to_thread(kill_and_start, server)
        await until_sent(sender, room, key)
        for told, what in ((hearer, "message.new"), (guest, "room.added")):
            await told.until(lambda told=told, what=what: bool(told.got(what) or told.got("behind")))
        assert [row["body"] for row in await hearer.timeline(room)] == ["kept"]
