"""The SQL of read cursors."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from sendjay.storage.row_lists import NumberedRow, RowLookup, UpdateRows
from sendjay.storage.tables import members, rooms


class CursorState(NumberedRow):
    """Where a cursor stands before it moves; None where there is no such row."""

    room_seq: int | None
    read_version: int | None
    is_member: int | None
    read_seq: int | None
    session_ended_at: int | None


_LOOKUP = RowLookup(
    wanted=("room_id", "user_id", "session_id"),
    answer=("r.seq", "r.read_version", "m.is_member", "m.read_seq", "s.ended_at"),
    row=CursorState,
    source="""
    LEFT JOIN rooms r ON r.room_id = w.room_id
    LEFT JOIN members m ON m.room_id = w.room_id AND m.user_id = w.user_id
    LEFT JOIN sessions s ON s.session_id = w.session_id""",
)
_MOVE = UpdateRows(members, ("room_id", "user_id"), ("read_seq", "read_version", "personal_version"))
_RAISE = UpdateRows(rooms, ("room_id",), ("read_version",))


def look_up_cursors(connection: sa.Connection, wanted: Sequence[tuple[str, str, str]]) -> list[CursorState]:
    """In the order of `wanted`: (room_id, user_id, session_id)."""
    return _LOOKUP.run(connection, wanted)


def move_cursors(connection: sa.Connection, moved: Sequence[tuple[str, str, int, int, int]]) -> None:
    """Rows of (room_id, user_id, read_seq, read_version, personal_version)."""
    _MOVE.run(connection, moved)


def raise_rooms(connection: sa.Connection, raised: Sequence[tuple[str, int]]) -> None:
    """Rows of (room_id, read_version)."""
    _RAISE.run(connection, raised)
