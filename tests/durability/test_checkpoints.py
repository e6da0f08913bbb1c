"""SQLite's log goes back into the database beside the writer: soon, without end, and never in its way."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import threading
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from sendjay.storage.checkpoints import CALM, COMMANDS
from sendjay.storage.database import Database
from sendjay.storage.migrate import upgrade
from sendjay.storage.transaction import Transaction
from sendjay.storage.writer import Writer
from tests.serving import eventually


@asynccontextmanager
async def writing(file: Path) -> AsyncGenerator[tuple[Database, Writer]]:
    database = Database(f"sqlite:///{file}")
    upgrade(database)
    with database.writing_engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE notes (number INTEGER PRIMARY KEY, said TEXT)"))
    writer = Writer(database, lambda _deliveries: None)
    writer.start()
    try:
        yield database, writer
    finally:
        await writer.stop()
        database.close()


def note(tx: Transaction) -> None:
    tx.run(sa.text("INSERT INTO notes (said) VALUES (:said)"), {"said": "x" * 60})


async def note_one_by_one(writer: Writer, count: int) -> None:
    for _ in range(count):
        await writer.run(note)


def count_in_file(file: Path) -> int:
    """Notes in the database's own file: what only its log holds is not there."""
    copy = file.with_name("copy.db")
    shutil.copy(file, copy)
    connection = sqlite3.connect(copy)
    try:
        return int(connection.execute("SELECT count(*) FROM notes").fetchone()[0])
    except sqlite3.DatabaseError:
        # Copied while it was being written to.
        return 0
    finally:
        connection.close()


def checkpoint_threads() -> set[threading.Thread]:
    return {each for each in threading.enumerate() if each.name == "checkpoints"}


async def test_what_was_written_in_calm_is_soon_in_the_database_itself(tmp_path: Path) -> None:
    file = tmp_path / "calm.db"
    async with writing(file) as (_, writer):
        await note_one_by_one(writer, 1)
        assert await asyncio.to_thread(count_in_file, file) == 0
        await note_one_by_one(writer, COMMANDS)
        assert await asyncio.to_thread(eventually, lambda: count_in_file(file) >= COMMANDS)


async def test_a_rush_is_left_to_the_commits_themselves(tmp_path: Path) -> None:
    file = tmp_path / "rush.db"
    async with writing(file) as (_, writer):
        has_begun, may_go_on = threading.Event(), threading.Event()

        def wait(_: Transaction) -> None:
            has_begun.set()
            may_go_on.wait(10)

        first = asyncio.ensure_future(writer.run(wait))
        assert await asyncio.to_thread(has_begun.wait, 10)
        # All of these wait behind it, each in a lane of its own: they are one group.
        rush = [asyncio.ensure_future(writer.run(note, lane=f"lane{n}")) for n in range(4 * CALM)]
        await asyncio.sleep(0)
        may_go_on.set()
        await asyncio.gather(first, *rush)
        assert not await asyncio.to_thread(eventually, lambda: count_in_file(file) > 0, 0.5)


async def test_the_log_does_not_grow_with_what_is_written(tmp_path: Path) -> None:
    file = tmp_path / "long.db"
    async with writing(file) as (_, writer):
        log = file.with_name(file.name + "-wal")
        body = "x" * 100_000

        def fill(tx: Transaction) -> None:
            tx.run(sa.text("INSERT INTO notes (said) VALUES (:said)"), {"said": body})

        for _ in range(800):
            await writer.run(fill)
        # 80 MB went through it; past 4,000 pages of 4 KB it is begun anew as soon as all is written back.
        assert log.stat().st_size < 40_000_000


async def test_a_checkpoint_that_fails_is_done_again_and_stops_nobody(tmp_path: Path) -> None:
    file = tmp_path / "refused.db"
    refused: list[str] = []

    def refuse(connection: Any, _record: object) -> None:
        def judge(action: int, name: str | None, *_: object) -> int:
            if action == sqlite3.SQLITE_PRAGMA and name == "wal_checkpoint" and len(refused) < 2:
                refused.append(name)
                return sqlite3.SQLITE_DENY
            return sqlite3.SQLITE_OK

        connection.set_authorizer(judge)

    async with writing(file) as (database, writer):
        event.listen(database.writing_engine, "connect", refuse)
        await note_one_by_one(writer, COMMANDS)
        assert await asyncio.to_thread(eventually, lambda: len(refused) == 1)
        await note_one_by_one(writer, 1)
        assert await asyncio.to_thread(eventually, lambda: count_in_file(file) > COMMANDS, 10)
        assert len(refused) == 2


async def test_the_thread_ends_with_the_writer(tmp_path: Path) -> None:
    before = checkpoint_threads()
    async with writing(tmp_path / "end.db") as (_, writer):
        await note_one_by_one(writer, COMMANDS)
        assert len(checkpoint_threads() - before) == 1
    assert not checkpoint_threads() - before
