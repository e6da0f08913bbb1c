"""What a program says to its database, heard at the driver: the hot path runs on the driver's own cursors."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import psycopg
import pymysql.cursors
import sqlalchemy as sa

Hearer = Callable[[str], None]
_hearers: list[Hearer] = []


def hear_statements(hearer: Hearer) -> None:
    """From now on, until somebody else hears them; SQLite's, of connections that are opened later."""
    _hearers[:] = [hearer]
    _listen()


def _heard(statement: str) -> None:
    for hearer in _hearers:
        hearer(statement)


@cache
def _listen() -> None:
    @sa.event.listens_for(sa.Engine, "connect")
    def _(connection: Any, _record: object) -> None:
        if hasattr(connection, "set_trace_callback"):
            connection.set_trace_callback(_heard)

    for cursor in (psycopg.Cursor, pymysql.cursors.Cursor):
        _wrap(cursor)


def _wrap(cursor: Any) -> None:
    execute = cursor.execute

    def wrapper(self: Any, query: Any, *arguments: Any, **options: Any) -> Any:
        _heard(query.decode() if isinstance(query, bytes) else str(query))
        return execute(self, query, *arguments, **options)

    cursor.execute = wrapper
