"""One process alone, or several that hear of each other: never two on one database that do not.

Whoever uses a database says so by a lock that lives as long as its connection: one without a bus keeps all
others out, those with one only such loners. SQLite has its socket in the data folder for that.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import DBAPIError

from sendjay.storage.database import Database
from sendjay.storage.engines import Use, create_engine

log = structlog.get_logger(__name__)

PING_SECONDS = 20.0
PATIENCE_SECONDS = 3.0
"""Whoever was killed just now may still hold it."""
_PLACES = 64
"""Nodes that MariaDB and MySQL, which know no shared locks, keep loners out for."""


class SoleUse:
    """`take` before anything is written; `let_go` at the end. Between them a thread keeps it up."""

    def __init__(self, database: Database, *, hears_others: bool) -> None:
        self._url = database.url
        self._hears_others = hears_others
        self._take = _TAKERS.get(database.dialect.name)
        self._engine: sa.Engine | None = None
        self._connection: sa.Connection | None = None
        self._ended = threading.Event()
        self._keeping: threading.Thread | None = None

    def take(self) -> bool:
        """False where somebody uses the database whom we would not hear, or who would not hear us."""
        if self._take is None:
            return True
        self._engine = create_engine(self._url, Use.PATIENT)
        end = time.monotonic() + PATIENCE_SECONDS
        while not self._try():
            if time.monotonic() > end:
                self._engine.dispose()
                return False
            time.sleep(0.2)
        self._keeping = threading.Thread(target=self._keep, name="sole-use", daemon=True)
        self._keeping.start()
        return True

    def let_go(self) -> None:
        if self._keeping is not None and self._engine is not None:
            self._ended.set()
            self._keeping.join(PING_SECONDS)
            self._drop()
            self._engine.dispose()

    def _try(self) -> bool:
        assert self._engine is not None
        assert self._take is not None
        connection = self._engine.connect()
        taken = self._take(connection, self._hears_others)
        connection.rollback()
        if taken:
            self._connection = connection
        else:
            connection.invalidate()
        return taken

    def _keep(self) -> None:
        while not self._ended.wait(PING_SECONDS):
            try:
                if self._connection is None:
                    if not self._try():
                        log.error("database.used_by_others", remedy="stop one of them, or set redis_url")
                    continue
                self._connection.exec_driver_sql("SELECT 1")
                self._connection.rollback()
            except DBAPIError:
                # The database went away, and the lock with it: taken again when it is back.
                self._drop()

    def _drop(self) -> None:
        held, self._connection = self._connection, None
        if held is not None:
            held.invalidate()
            held.close()


def _on_postgresql(connection: sa.Connection, hears_others: bool) -> bool:
    # A host that is gone without a word must not keep its successor out.
    for name, value in (("idle", 10), ("interval", 5), ("count", 3)):
        connection.exec_driver_sql(f"SET tcp_keepalives_{name} = {value}")
    connection.commit()
    kind = "_shared" if hears_others else ""
    return bool(connection.exec_driver_sql(f"SELECT pg_try_advisory_lock{kind}({_KEY})").scalar_one())


def _on_mysql(connection: sa.Connection, hears_others: bool) -> bool:
    connection.exec_driver_sql(f"SET SESSION wait_timeout = {round(3 * PING_SECONDS)}")
    places = [f"node{number}" for number in range(_PLACES)]
    if not hears_others:
        return _lock(connection, "alone") and not any(_is_held(connection, each) for each in places)
    return any(_lock(connection, each) for each in places) and not _is_held(connection, "alone")


def _lock(connection: sa.Connection, name: str) -> bool:
    return bool(connection.execute(_LOCK, {"name": name}).scalar_one())


def _is_held(connection: sa.Connection, name: str) -> bool:
    return connection.execute(_HELD, {"name": name}).scalar_one() is not None


_KEY = 0x53656E646A6179
_NAMED = "CONCAT('sendjay.', MD5(DATABASE()), '.', :name)"
_LOCK = sa.text(f"SELECT GET_LOCK({_NAMED}, 0)")
_HELD = sa.text(f"SELECT IS_USED_LOCK({_NAMED})")
_TAKERS: dict[str, Callable[[sa.Connection, bool], bool]] = {
    "postgresql": _on_postgresql,
    "mysql": _on_mysql,
    "mariadb": _on_mysql,
}
