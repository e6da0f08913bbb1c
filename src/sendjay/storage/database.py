"""Opens the database and lets work read from it in threads, so that nothing blocks the event loop."""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NoReturn, TypeVar

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import DBAPIError

from sendjay.protocol.errors import Code, Refused
from sendjay.storage import failures
from sendjay.storage.clock import DatabaseClock
from sendjay.storage.engines import Use, create_engine
from sendjay.storage.measures import DATABASE_ERRORS, READ_WAIT_SECONDS
from sendjay.storage.urls import parse_url

Result = TypeVar("Result")
WAIT_SECONDS = 5.0
"""Who has waited so long for a reader has gone away, or asks again."""
DOWN_SECONDS = 0.5

log = structlog.get_logger(__name__)


SQLITE_READERS = 2
"""Reading SQLite is work of this process: more threads only fight over the interpreter. For lists of 200
rooms, four cost a fifth more than two, and the slowest answers take twice as long.
"""


class Database:
    """One database: a pool of readers, and the engine that the writer takes its connection from."""

    def __init__(self, url: str, readers: int = 4) -> None:
        self.url = parse_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite and self.url.database not in (None, "", ":memory:"):
            _make_private(Path(self.url.database))
        if self.is_sqlite:
            readers = min(readers, SQLITE_READERS)
        self.engine = create_engine(self.url, Use.READING, readers)
        self.writing_engine = create_engine(self.url, Use.WRITING)
        self.dialect = self.engine.dialect
        self.driver_error: type[Exception] = self.dialect.loaded_dbapi.Error
        """What the driver itself raises, where a statement is run on its own cursor."""
        self._clock = DatabaseClock()
        self._down_until = 0.0
        """By `time.monotonic`: it could not be connected to just now; not everybody need try."""
        self._threads = ThreadPoolExecutor(readers, thread_name_prefix="reader")
        self._local = threading.local()

    async def read(self, work: Callable[[sa.Connection], Result]) -> Result:
        """Run `work` on a reader's connection, within one snapshot, off the event loop. Raises
        Refused(BUSY) while the database cannot be read.
        """
        asked = time.perf_counter()

        def begin() -> Result:
            waited = time.perf_counter() - asked
            READ_WAIT_SECONDS.observe(waited)
            if waited > WAIT_SECONDS or time.monotonic() < self._down_until:
                raise Refused(Code.BUSY, retry_after_ms=1000)
            return self._read(work)

        return await asyncio.get_running_loop().run_in_executor(self._threads, begin)

    def read_now(self, work: Callable[[sa.Connection], Result]) -> Result:
        """The same from a thread that may wait (the command line, tests)."""
        with self.engine.connect() as connection, connection.begin():
            return work(connection)

    def clock(self, connection: sa.Connection) -> int:
        """The database's time in milliseconds."""
        return self._clock.now(connection)

    def ask_clock(self, connection: sa.Connection) -> int:
        """The same, asked of the database in this moment."""
        return self._clock.ask(connection)

    def clock_offset_seconds(self) -> float:
        """By how much this machine's clock is ahead of the database's."""
        return self._clock.offset_seconds()

    def close(self) -> None:
        self._threads.shutdown(wait=True, cancel_futures=True)
        self.engine.dispose()
        self.writing_engine.dispose()

    def _read(self, work: Callable[[sa.Connection], Result]) -> Result:
        try:
            return self._read_once(work)
        except (DBAPIError, self.driver_error) as error:
            DATABASE_ERRORS.labels("read").inc()
            if not failures.is_lost(error):
                _explain(error)
        # The database was restarted, perhaps long ago: reading twice changes nothing.
        try:
            return self._read_once(work)
        except (DBAPIError, self.driver_error) as error:
            DATABASE_ERRORS.labels("read").inc()
            _explain(error)

    def _read_once(self, work: Callable[[sa.Connection], Result]) -> Result:
        connection: sa.Connection | None = getattr(self._local, "connection", None)
        if connection is None or connection.closed or connection.invalidated:
            connection = self._local.connection = self._connect()
        try:
            with connection.begin():
                return work(connection)
        except (DBAPIError, self.driver_error):
            self._local.connection = None
            drop(connection)
            raise

    def _connect(self) -> sa.Connection:
        try:
            return self.engine.connect()
        except (DBAPIError, self.driver_error):
            self._down_until = time.monotonic() + DOWN_SECONDS
            raise


def _explain(error: Exception) -> NoReturn:
    """What the asker hears; a mistake of ours goes on as it is, to where it is logged."""
    refused = failures.explain(error)
    if refused.code is Code.INTERNAL:
        raise error
    log.warning("database.cannot_read", error=type(error).__name__, code=str(refused.code))
    raise refused from error


def drop(connection: sa.Connection) -> None:
    """After a failure nobody knows what state a connection is in: it is not used again."""
    with contextlib.suppress(Exception):
        connection.invalidate()
    with contextlib.suppress(Exception):
        connection.close()


def what_the_driver_says(error: DBAPIError) -> str:
    """A failure in the driver's own words, on one line; never the statement or what was in it."""
    arguments: tuple[object, ...] = getattr(error.orig, "args", ())
    said = next((each for each in reversed(arguments) if isinstance(each, str)), str(error.orig))
    return " ".join(said.split())


def _make_private(file: Path) -> None:
    """The messages lie in it, and the secrets that sign tokens: not for other accounts of the machine."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # What the database puts beside it later takes its mode from it.
    os.close(os.open(file, os.O_RDONLY | os.O_CREAT, 0o600))
