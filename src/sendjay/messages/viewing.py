"""Rows of a timeline as one person sees them: what was taken back, and what they have deleted for themselves.

Rows stay in their place, so that a timeline is never torn: who sees nothing gets a row that says so.
"""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa

from sendjay.messages import viewing_store
from sendjay.protocol.objects import Message


class Viewer(NamedTuple):
    """Who looks, and whether they have deleted anything in this room."""

    user: str
    has_deleted: bool = False

    def sees(self, connection: sa.Connection, room_id: str, rows: list[Message]) -> list[Message]:
        """The same rows, some of them `gone`. Rows that all see alike cost no statement."""
        gone = set[int]()
        revoked = [row.seq for row in rows if row.kind == "revoked"]
        if revoked:
            gone |= viewing_store.unread_revokes(connection, room_id, revoked, self.user)
        if self.has_deleted and rows:
            gone |= viewing_store.deleted_among(connection, self.user, room_id, [row.seq for row in rows])
        if not gone:
            return rows
        return [Message(row.seq, row.version, "", 0, gone=True) if row.seq in gone else row for row in rows]
