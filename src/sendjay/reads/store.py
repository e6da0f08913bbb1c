"""The SQL of read cursors."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from sendjay.storage.statements import NumberedRow, Prepared, RowLookup
from sendjay.storage.tables import members, rooms

_LOOKUP = """
WITH wanted(i, room_id, user_id, session_id) AS (VALUES {values})
SELECT json_group_array(json_array(w.i, r.seq, r.read_version, m.is_member, m.read_seq, s.ended_at))
FROM wanted w
LEFT JOIN rooms r ON r.room_id = w.room_id
LEFT JOIN members m ON m.room_id = w.room_id AND m.user_id = w.user_id
LEFT JOIN sessions s ON s.session_id = w.session_id
"""


class CursorState(NumberedRow):
    """Where a cursor stands before it moves; None where there is no such row."""

    room_seq: int | None
    read_version: int | None
    is_member: int | None
    read_seq: int | None
    session_ended_at: int | None


class CursorStatements:
    """The few statements that move a group of cursors, compiled once."""

    def __init__(self, dialect: sa.Dialect) -> None:
        self._lookup = RowLookup(_LOOKUP, 4, CursorState, dialect)
        self._move = Prepared(
            sa.update(members)
            .where(members.c.room_id == sa.bindparam("room"), members.c.user_id == sa.bindparam("user"))
            .values({name: sa.bindparam(name) for name in ("read_seq", "read_version", "personal_version")}),
            dialect,
        )
        self._raise = Prepared(
            sa.update(rooms)
            .where(rooms.c.room_id == sa.bindparam("room"))
            .values(read_version=sa.bindparam("raised_to")),
            dialect,
        )

    def look_up(
        self, connection: sa.Connection, wanted: list[tuple[int, str, str, str]]
    ) -> list[CursorState]:
        """In the order of `wanted`: (index, room_id, user_id, session_id)."""
        return self._lookup.run(connection, wanted)

    def move(self, connection: sa.Connection, moved: list[dict[str, Any]]) -> None:
        self._move.run_many(connection, moved)

    def raise_rooms(self, connection: sa.Connection, raised: list[dict[str, Any]]) -> None:
        self._raise.run_many(connection, raised)
