"""Row locks, where several nodes write to one database: rooms in the order of their ids, then people.

Whoever changes a room holds its row until the commit, so that seqs follow each other as commits do; whoever
changes what is one person's own holds the person's row. Taken in one order by all, they make no circles.
SQLite has one writer, and nothing to lock.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import sqlalchemy as sa

from sendjay.storage.statements import open_cursor


class Rows(NamedTuple):
    """What a command changes or goes by."""

    rooms: tuple[str, ...] = ()
    users: tuple[str, ...] = ()


NO_ROWS = Rows()
_TEXTS = {
    # A list is one value to PostgreSQL; the other driver writes it out.
    "postgresql": "SELECT 1 FROM {table} WHERE {key} = ANY(%s) ORDER BY {key} FOR NO KEY UPDATE{wait}",
    "mysql": "SELECT 1 FROM {table} WHERE {key} IN %s ORDER BY {key} FOR UPDATE{wait}",
}


def lock(connection: sa.Connection, wanted: Iterable[Rows], *, wait: bool = True) -> None:
    """Hold all these rows until the transaction ends; those that are not there are passed over."""
    if connection.dialect.name == "sqlite":
        return
    rooms: set[str] = set()
    users: set[str] = set()
    for each in wanted:
        rooms.update(each.rooms)
        users.update(each.users)
    _lock(connection, "rooms", "room_id", rooms, wait=wait)
    _lock(connection, "users", "user_id", users, wait=wait)


def _lock(connection: sa.Connection, table: str, key: str, ids: set[str], *, wait: bool) -> None:
    if ids:
        cursor = open_cursor(connection)
        text = _TEXTS[connection.dialect.name].format(table=table, key=key, wait="" if wait else " NOWAIT")
        cursor.execute(text, (sorted(ids),))
        cursor.fetchall()
