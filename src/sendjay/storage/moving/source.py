"""Opens the database that an installation moves away from: nobody may be at work on it meanwhile."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from sendjay.storage.engines import patient_connection
from sendjay.storage.moving.refusal import MoveRefused

_IN_USE = (
    "A server or another program is at work on the database to move from. Stop it (on every machine), "
    "then move: what is written meanwhile would stay behind."
)
_OTHERS = {
    "postgresql": sa.text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND usename = current_user AND pid <> pg_backend_pid()"
    ),
    "mysql": sa.text(
        "SELECT count(*) FROM information_schema.processlist WHERE db = database()"
        " AND user = substring_index(user(), '@', 1) AND id <> connection_id()"
    ),
}


@contextmanager
def opened_alone(url: sa.URL) -> Generator[sa.Connection]:
    """A connection that reads one snapshot. Raises MoveRefused where somebody else is connected."""
    if url.get_backend_name() == "sqlite":
        with _sqlite_alone(url) as connection:
            yield connection
        return
    with patient_connection(url) as connection:
        refuse_company(connection)
        if connection.dialect.name == "mysql":
            # It gives up on whom it is not read on by: while the target writes, that may be us.
            connection.exec_driver_sql("SET SESSION net_write_timeout = 3600")
            connection.rollback()
        yield connection.execution_options(isolation_level="REPEATABLE READ")


def refuse_company(connection: sa.Connection) -> None:
    """Raises MoveRefused where our account is connected a second time; others' (backup, monitoring) may be.

    SQLite's file is ours alone as long as the connection is open.
    """
    if connection.dialect.name == "sqlite":
        return
    # Within a transaction PostgreSQL goes on showing who was there at its beginning.
    connection.rollback()
    others = connection.execute(_OTHERS[connection.dialect.name]).scalar_one()
    connection.rollback()
    if others:
        raise MoveRefused(_IN_USE)


@contextmanager
def _sqlite_alone(url: sa.URL) -> Generator[sa.Connection]:
    if not Path(url.database or "").is_file():
        raise MoveRefused(f"There is no database at {url.database}.")
    # Not one of the house's own engines: theirs would have looked into the file before the lock is asked for.
    engine = sa.create_engine(url, poolclass=sa.NullPool, hide_parameters=True)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=500")
        connection.exec_driver_sql("PRAGMA locking_mode=EXCLUSIVE")
        try:
            # The lock comes with the first transaction and then stays.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            connection.rollback()
        except OperationalError:
            raise MoveRefused(_IN_USE) from None
        yield connection
