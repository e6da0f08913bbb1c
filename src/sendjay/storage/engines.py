"""Connections to each kind of database, as this program needs them: durable, strict, and never for ever.

A reader's transaction is one snapshot that writes nothing. A writer's sees what others have committed, and
locks the rows that it goes by (`locks.py`); SQLite has one lock for all.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from enum import Enum
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from sendjay.storage.measures import STATEMENTS

CONNECT_SECONDS = 5
LOCK_SECONDS = 3
STATEMENT_SECONDS = 10
ANSWER_SECONDS = STATEMENT_SECONDS + 2
"""After the statement's own time the database has said so, or it hangs."""
IDLE_SECONDS = 10
"""A node that froze within a transaction must not hold its locks for ever."""

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
MYSQL_MODE = (
    "STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION"
)
"""Nothing is cut or bent silently."""


class Use(Enum):
    """What an engine's connections are for."""

    READING = "reading"
    WRITING = "writing"
    PATIENT = "patient"
    """Changing the schema, moving an installation: it takes as long as it takes."""


def create_engine(url: sa.URL, use: Use, connections: int = 1) -> sa.Engine:
    """An engine that keeps so many connections, and opens a few more when they are all in use."""
    engine = _CREATORS[url.get_backend_name()](url, use, connections)
    event.listen(engine, "before_cursor_execute", _count)
    return engine


@contextmanager
def patient_connection(url: sa.URL) -> Generator[sa.Connection]:
    """One connection for work that may take long: the schema, a whole installation."""
    engine = create_engine(url, Use.PATIENT)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _sqlite(url: sa.URL, use: Use, connections: int) -> sa.Engine:
    del connections  # files are opened as they are needed
    arguments = {"check_same_thread": False, "cached_statements": 512}
    engine = sa.create_engine(url, connect_args=arguments, hide_parameters=True)
    begin = "BEGIN" if use is Use.READING else "BEGIN IMMEDIATE"

    @event.listens_for(engine, "connect")
    def _(connection: Any, _record: object) -> None:  # pyright: ignore[reportUnusedFunction]
        # The driver's own transaction handling would begin DEFERRED and late: we say BEGIN ourselves.
        connection.isolation_level = None
        for pragma in SQLITE_PRAGMAS:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def _(connection: sa.Connection) -> None:  # pyright: ignore[reportUnusedFunction]
        connection.exec_driver_sql(begin)

    return engine


def _postgresql(url: sa.URL, use: Use, connections: int) -> sa.Engine:
    arguments = {
        "connect_timeout": CONNECT_SECONDS,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 1000 * ANSWER_SECONDS,
        "application_name": "sendjay",
    }
    engine = _create_pooled(url, arguments, connections)
    settings = ["SET TimeZone = 'UTC'", "SET jit = off"]
    if use is not Use.PATIENT:
        settings += [
            f"SET lock_timeout = '{LOCK_SECONDS}s'",
            f"SET statement_timeout = '{STATEMENT_SECONDS}s'",
            f"SET idle_in_transaction_session_timeout = '{IDLE_SECONDS}s'",
        ]

    @event.listens_for(engine, "connect")
    def _(connection: Any, _record: object) -> None:  # pyright: ignore[reportUnusedFunction]
        from psycopg import IsolationLevel
        from psycopg.types.numeric import Int8Dumper

        # By default the size of each number chooses its type, and each choice is a statement of its own.
        connection.adapters.register_dumper(int, Int8Dumper)
        connection.prepared_max = 500
        connection.autocommit = True
        for setting in settings:
            connection.execute(setting)
        connection.autocommit = False
        if use is not Use.PATIENT:
            # A server that hangs does not even end its statements.
            connection.wait = partial(connection.wait, timeout=ANSWER_SECONDS)
        reading = use is Use.READING
        connection.read_only = reading
        connection.isolation_level = (
            IsolationLevel.REPEATABLE_READ if reading else IsolationLevel.READ_COMMITTED
        )

    return engine


def _mysql(url: sa.URL, use: Use, connections: int) -> sa.Engine:
    bound = None if use is Use.PATIENT else ANSWER_SECONDS
    arguments = {
        "charset": "utf8mb4",
        "connect_timeout": CONNECT_SECONDS,
        "read_timeout": bound,
        "write_timeout": bound,
    }
    engine = _create_pooled(url, arguments, connections)

    @event.listens_for(engine, "connect", insert=True)
    def _(connection: Any, _record: object) -> None:  # pyright: ignore[reportUnusedFunction]
        with connection.cursor() as cursor:
            for setting in _mysql_settings(use, is_mariadb="MariaDB" in connection.get_server_info()):
                cursor.execute(setting)

    return engine


def mysql_collation(*, is_mariadb: bool) -> str:
    """Texts are compared byte by byte, and blanks at the end count."""
    return "utf8mb4_nopad_bin" if is_mariadb else "utf8mb4_0900_bin"


def _mysql_settings(use: Use, *, is_mariadb: bool) -> list[str]:
    isolation = "REPEATABLE READ, READ ONLY" if use is Use.READING else "READ COMMITTED, READ WRITE"
    settings = [
        f"SET NAMES utf8mb4 COLLATE {mysql_collation(is_mariadb=is_mariadb)}",
        f"SET SESSION sql_mode = '{MYSQL_MODE}'",
        # Summer time would come twice to a clock that is told in local time.
        "SET SESSION time_zone = '+00:00'",
        # JSON lists end where this does, without a word.
        f"SET SESSION group_concat_max_len = {2**30}",
        f"SET SESSION TRANSACTION ISOLATION LEVEL {isolation}",
    ]
    if use is not Use.PATIENT:
        settings.append(f"SET SESSION innodb_lock_wait_timeout = {LOCK_SECONDS}")
        if is_mariadb:
            settings.append(f"SET SESSION max_statement_time = {STATEMENT_SECONDS}")
            settings.append(f"SET SESSION idle_transaction_timeout = {IDLE_SECONDS}")
        else:
            settings.append(f"SET SESSION max_execution_time = {1000 * STATEMENT_SECONDS}")
    return settings


def _create_pooled(url: sa.URL, arguments: dict[str, Any], connections: int) -> sa.Engine:
    return sa.create_engine(
        url,
        connect_args=arguments,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=connections,
        max_overflow=2,
        pool_timeout=CONNECT_SECONDS,
    )


_CREATORS: dict[str, Callable[[sa.URL, Use, int], sa.Engine]] = {
    "sqlite": _sqlite,
    "postgresql": _postgresql,
    "mysql": _mysql,
}


def _count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
    if not statement.startswith("BEGIN"):
        STATEMENTS.inc()
