"""Takes away what nobody is to have any more: uploads that were not continued, files that were never sent,
and those that have expired or that no message carries any more.

Every step is done again without harm: on several nodes at once, and after a crash in the middle of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial

import sqlalchemy as sa
import structlog

from sendjay.files import store
from sendjay.files.depot import Depot
from sendjay.files.looking import remove_whole
from sendjay.files.threads import FileThreads
from sendjay.protocol.errors import Refused
from sendjay.storage.database import Database
from sendjay.storage.transaction import Transaction
from sendjay.storage.writer import Writer

AT_ONCE = 100
"""Files in one round; the next one follows at once where there are more."""
PUT_OFF_MS = 3600 * 1000
FIRST_SECONDS = 5.0

log = structlog.get_logger(__name__)


def would_take_away(connection: sa.Connection, now: int) -> dict[str, int]:
    """How many files a sweep would look at, by state: for who only wants to know."""
    return store.count_due(connection, now)


class FilesSweep:
    def __init__(self, database: Database, writer: Writer, depot: Depot, threads: FileThreads) -> None:
        self._database = database
        self._writer = writer
        self._depot = depot
        self._threads = threads
        self._task: asyncio.Task[None] | None = None

    def start(self, every: float) -> None:
        self._task = asyncio.ensure_future(self._go_on(every))

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def run_once(self, most: int = AT_ONCE) -> int:
        """One round; how many files it had to look at."""
        rows = await self._database.read(
            lambda connection: store.due(connection, self._database.clock(connection), most)
        )
        for row in rows:
            if row.state != store.GONE:
                await self._writer.run(partial(store.end_due, file_id=row.file_id))
        await self._remove([row.file_id for row in rows])
        return len(rows)

    async def _remove(self, file_ids: Sequence[str]) -> None:
        """From the disk, and only then from the database."""
        gone = await self._database.read(lambda connection: store.which_are_gone(connection, file_ids))
        removed = [file_id for file_id in gone if await self._is_removed(file_id)]
        kept = sorted(set(gone) - set(removed))

        def write(tx: Transaction) -> None:
            store.delete(tx, removed)
            # One that cannot be removed must not keep the others waiting.
            store.put_off(tx, kept, tx.now + PUT_OFF_MS)

        if gone:
            await self._writer.run(write)

    async def _is_removed(self, file_id: str) -> bool:
        try:
            await self._threads.run(remove_whole, self._depot, file_id)
        except OSError as error:
            log.warning("files.not_removed", file=file_id, error=type(error).__name__)
            return False
        return True

    async def _go_on(self, every: float) -> None:
        await asyncio.sleep(min(FIRST_SECONDS, every))
        while True:
            looked_at = 0
            try:
                looked_at = await self.run_once()
            except (Refused, OSError) as error:
                # The database or the disk is away: the next round makes it good.
                log.warning("files.not_swept", error=type(error).__name__)
            except Exception:
                log.exception("files.sweep_failed")
            if looked_at < AT_ONCE:
                await asyncio.sleep(every)
