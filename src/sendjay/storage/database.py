"""Opens the database and lets work read from it in threads, so that nothing blocks the event loop."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from sendjay.storage.measures import READ_WAIT_SECONDS, STATEMENTS

Result = TypeVar("Result")

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=10000",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA cache_size=-65536",
    "PRAGMA wal_autocheckpoint=4000",
    "PRAGMA journal_size_limit=67108864",
)


class Database:
    """One database: a pool of readers, and the engine that the writer takes its connection from."""

    def __init__(self, url: str, readers: int = 4) -> None:
        self.url = sa.make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite and self.url.database not in (None, "", ":memory:"):
            _make_private(Path(self.url.database))
        self.engine = _create_engine(self.url, "BEGIN")
        self.writing_engine = _create_engine(self.url, "BEGIN IMMEDIATE") if self.is_sqlite else self.engine
        self.dialect = self.engine.dialect
        self.driver_error: type[Exception] = self.dialect.loaded_dbapi.Error
        """What the driver itself raises, where a statement is run on its own cursor."""
        self._threads = ThreadPoolExecutor(readers, thread_name_prefix="reader")
        self._local = threading.local()

    async def read(self, work: Callable[[sa.Connection], Result]) -> Result:
        """Run `work` on a reader's connection, within one snapshot, off the event loop."""
        asked = time.perf_counter()

        def begin() -> Result:
            READ_WAIT_SECONDS.observe(time.perf_counter() - asked)
            return self._read(work)

        return await asyncio.get_running_loop().run_in_executor(self._threads, begin)

    def read_now(self, work: Callable[[sa.Connection], Result]) -> Result:
        """The same from a thread that may wait (the command line, tests)."""
        with self.engine.connect() as connection, connection.begin():
            return work(connection)

    def _read(self, work: Callable[[sa.Connection], Result]) -> Result:
        connection: sa.Connection | None = getattr(self._local, "connection", None)
        if connection is None or connection.closed or connection.invalidated:
            connection = self._local.connection = self.engine.connect()
        with connection.begin():
            return work(connection)

    def clock(self, connection: sa.Connection) -> int:
        """The database's time in milliseconds. SQLite lives in this process: its clock is ours."""
        if self.is_sqlite:
            return time.time_ns() // 1_000_000
        return int(connection.execute(_NOW[self.dialect.name]).scalar_one())

    def close(self) -> None:
        self._threads.shutdown(wait=True, cancel_futures=True)
        self.engine.dispose()
        self.writing_engine.dispose()


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


_NOW = {
    "postgresql": sa.text("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint"),
    "mysql": sa.text("SELECT CAST(UNIX_TIMESTAMP(SYSDATE(3)) * 1000 AS SIGNED)"),
    "mariadb": sa.text("SELECT CAST(UNIX_TIMESTAMP(SYSDATE(3)) * 1000 AS SIGNED)"),
}


def _create_engine(url: sa.URL, begin: str) -> sa.Engine:
    if url.get_backend_name() != "sqlite":
        engine = sa.create_engine(
            url, isolation_level="READ COMMITTED", pool_pre_ping=True, hide_parameters=True
        )
        event.listen(engine, "before_cursor_execute", _count)
        return engine
    arguments = {"check_same_thread": False, "cached_statements": 512}
    engine = sa.create_engine(url, connect_args=arguments, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _(connection: Any, _record: object) -> None:  # pyright: ignore[reportUnusedFunction]
        # The driver's own transaction handling would begin DEFERRED and late: we say BEGIN ourselves.
        connection.isolation_level = None
        for pragma in SQLITE_PRAGMAS:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def _(connection: sa.Connection) -> None:  # pyright: ignore[reportUnusedFunction]
        connection.exec_driver_sql(begin)

    event.listen(engine, "before_cursor_execute", _count)
    return engine


def _count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
    if not statement.startswith("BEGIN"):
        STATEMENTS.inc()
