"""Another program that holds the database: people hear `busy` once, and all goes on when it lets go."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import event

from sendjay.protocol.errors import Code, Refused
from sendjay.storage import engines
from sendjay.storage.database import Database
from sendjay.storage.migrate import upgrade
from sendjay.storage.writer import Writer


async def test_a_group_that_cannot_begin_is_refused_after_one_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = [each.replace("busy_timeout=10000", "busy_timeout=200") for each in engines.SQLITE_PRAGMAS]
    monkeypatch.setattr(engines, "SQLITE_PRAGMAS", quick)
    database = Database(f"sqlite:///{tmp_path / 'held.db'}")
    upgrade(database)
    tries: list[object] = []

    def tried(connection: object, _record: object) -> None:
        tries.append(connection)

    event.listen(database.writing_engine, "connect", tried)
    writer = Writer(database, lambda _deliveries: None)
    writer.start()
    holder = sqlite3.connect(tmp_path / "held.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        asked = [writer.run(lambda tx: tx.now) for _ in range(50)]
        answers = await asyncio.gather(*asked, return_exceptions=True)
        assert all(isinstance(each, Refused) and each.code is Code.BUSY for each in answers)
        # The first may have gone alone while the others gathered.
        assert len(tries) <= 3
        holder.execute("ROLLBACK")
        assert await writer.run(lambda tx: tx.now) > 0
    finally:
        holder.close()
        await writer.stop()
        database.close()
