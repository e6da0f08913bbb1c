"""Does this database keep what it has acknowledged, and is it the only one that writes?

Asked when a node starts, from time to time for /readyz, and by `sendjay doctor`. A database with dangers is
never used: what it takes back after a crash, somebody has been told is kept.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

import sqlalchemy as sa
import structlog

from sendjay.protocol.errors import Code, Refused
from sendjay.storage.database import Database
from sendjay.storage.file_systems import is_network, kind_of

log = structlog.get_logger(__name__)

ASKED_EVERY_SECONDS = 30.0


class Danger(NamedTuple):
    """Why a database must not be used."""

    what: str
    """What is the case and what comes of it, without a full stop."""
    remedy: str
    """What to do, likewise."""

    def __str__(self) -> str:
        return f"{self.what}. {self.remedy}."


def dangers(connection: sa.Connection) -> list[Danger]:
    """Everything that forbids using it; empty when it may be used. Reads a few settings of the server."""
    return _DANGERS[connection.dialect.name](connection)


def refuse_dangers(connection: sa.Connection) -> None:
    """For a connection that is to be written on: it may lead to another server than the last one did, or to
    one that was started again with other settings. Raises Refused(BUSY).
    """
    found = dangers(connection)
    connection.rollback()
    if found:
        log.error("database.unsafe", why=[each.what for each in found])
        raise Refused(Code.BUSY, retry_after_ms=2000)


class DurabilityWatch:
    """The same for somebody who asks often: it is read again only after a while."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: list[Danger] = []
        self._asked_at: float | None = None

    async def dangers(self) -> list[Danger]:
        now = time.monotonic()
        if self._asked_at is None or now - self._asked_at >= ASKED_EVERY_SECONDS:
            self._known = await self._database.read(dangers)
            self._asked_at = now
        return self._known


def _of_sqlite(connection: sa.Connection) -> list[Danger]:
    file = connection.engine.url.database
    if file in (None, "", ":memory:"):
        return [
            Danger("it is in memory, and ends with the server", "Name a file: sqlite:////path/sendjay.db")
        ]
    found: list[Danger] = []
    kind = kind_of(Path(file))
    if is_network(kind):
        what = f"{file} lies on a network file system ({kind}), where SQLite's locks do not hold"
        found.append(Danger(what, "Put it on a disk of this machine, or take MariaDB or PostgreSQL"))
    journal = str(connection.exec_driver_sql("PRAGMA journal_mode").scalar_one())
    if journal != "wal":
        what = f"SQLite's journal_mode is {journal}, not wal"
        found.append(Danger(what, "Put the file on a disk where SQLite can map memory (a local one)"))
    if int(connection.exec_driver_sql("PRAGMA synchronous").scalar_one()) < 2:
        what = "SQLite's synchronous is below FULL: a power cut takes back what was acknowledged"
        found.append(Danger(what, "Set it to FULL"))
    return found


_POSTGRESQL = sa.text(
    "SELECT current_setting('fsync'), current_setting('synchronous_commit'), pg_is_in_recovery(),"
    " current_setting('default_transaction_read_only'),"
    " (SELECT min(extname) FROM pg_extension WHERE extname IN ('bdr', 'spock')),"
    " (SELECT min(relname) FROM pg_class WHERE relpersistence = 'u' AND relkind = 'r'"
    "  AND relnamespace = current_schema()::regnamespace)"
)


def _of_postgresql(connection: sa.Connection) -> list[Danger]:
    fsync, commit, standby, read_only, cluster, unlogged = connection.execute(_POSTGRESQL).one()
    lost = "a crash takes back what was acknowledged"
    found: list[Danger] = []
    if fsync != "on":
        found.append(Danger(f"PostgreSQL's fsync is {fsync}: {lost}", "Set fsync = on"))
    if commit == "off":
        what = f"PostgreSQL's synchronous_commit is off: {lost}"
        remedy = "Set it to on, for the server, this database and its account"
        found.append(Danger(what, remedy))
    if unlogged:
        what = f"the table {unlogged} is UNLOGGED: a crash empties it"
        found.append(Danger(what, f"ALTER TABLE {unlogged} SET LOGGED"))
    if standby:
        found.append(Danger("it is a standby, which only reads", "Name the primary in database_url"))
    elif read_only == "on":
        what = "it is read-only for this account"
        found.append(Danger(what, "Set default_transaction_read_only = off, or name the primary"))
    if cluster:
        what = f"it is one of several writers (extension {cluster}), which may take commits back"
        found.append(Danger(what, "Take one PostgreSQL primary, with standbys if you like"))
    return found


_MYSQL = (
    "innodb_flush_log_at_trx_commit",
    "innodb_flush_method",
    "debug_no_sync",
    "wsrep_on",
    "read_only",
    "super_read_only",
    "innodb_read_only",
    "group_replication_group_name",
    "group_replication_single_primary_mode",
)
_TABLE_ENGINES = sa.text(
    "SELECT min(table_name) FROM information_schema.tables WHERE table_schema = database()"
    " AND table_type = 'BASE TABLE' AND engine <> 'InnoDB'"
)


def _of_mysql(connection: sa.Connection) -> list[Danger]:
    value = variables(connection, "GLOBAL", _MYSQL)
    lost = "a crash takes back what was acknowledged"
    found: list[Danger] = []
    flush = value.get("innodb_flush_log_at_trx_commit", "1")
    # MariaDB's 3 is 1 with one more flush.
    if flush not in ("1", "3"):
        what = f"innodb_flush_log_at_trx_commit is {flush}: {lost}"
        found.append(Danger(what, "Set innodb_flush_log_at_trx_commit = 1"))
    if value.get("innodb_flush_method") == "nosync" or value.get("debug_no_sync") == "ON":
        what = f"it does not wait for the disk (innodb_flush_method, debug_no_sync): {lost}"
        found.append(Danger(what, "Take the usual values of both"))
    other_engine = connection.execute(_TABLE_ENGINES).scalar_one()
    if other_engine:
        what = f"the table {other_engine} is not InnoDB: {lost}"
        found.append(Danger(what, f"ALTER TABLE {other_engine} ENGINE=InnoDB"))
    if value.get("wsrep_on") == "ON":
        found.append(Danger(_several_writers("Galera, wsrep_on"), _ONE_WRITER))
    in_a_group = value.get("group_replication_group_name")
    if in_a_group and value.get("group_replication_single_primary_mode") == "OFF":
        found.append(Danger(_several_writers("Group Replication, multi-primary"), _ONE_WRITER))
    if "ON" in (value.get(name) for name in ("read_only", "super_read_only", "innodb_read_only")):
        found.append(
            Danger("it is read-only: a replica, or being served", "Name the primary in database_url")
        )
    return found


_ONE_WRITER = "Take one primary that writes, with replicas if you like"


def _several_writers(cluster: str) -> str:
    return f"it is one of several writers ({cluster}), which may take a commit back when two meet"


def variables(
    connection: sa.Connection, scope: Literal["GLOBAL", "SESSION"], names: Sequence[str]
) -> dict[str, str]:
    """Settings of a MySQL or MariaDB server by their names; those that it does not know are left out."""
    query = sa.text(f"SHOW {scope} VARIABLES WHERE Variable_name IN :names")
    rows = connection.execute(query.bindparams(sa.bindparam("names", list(names), expanding=True)))
    return {str(name).lower(): str(value) for name, value in rows}


_DANGERS: dict[str, Callable[[sa.Connection], list[Danger]]] = {
    "sqlite": _of_sqlite,
    "postgresql": _of_postgresql,
    "mysql": _of_mysql,
}
