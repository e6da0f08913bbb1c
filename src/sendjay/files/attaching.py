"""A message comes to carry files: from then on whoever sees it sees them, until they expire."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from sendjay.actor import Actor
from sendjay.files import store
from sendjay.files.access import access_file
from sendjay.protocol.errors import Code, Refused
from sendjay.protocol.objects import FileInfo
from sendjay.storage.transaction import Transaction

DAY_MS = 86_400_000


class Attaching:
    """Files live for `days` from their first message on; 0: for ever."""

    def __init__(self, days: int) -> None:
        self._days = days

    def __call__(
        self, tx: Transaction, actor: Actor, room_id: str, seq: int, file_ids: Sequence[str]
    ) -> list[FileInfo]:
        """Raises Refused(NOT_FOUND) for what is not the actor's to send, before anything is written."""
        rows = [access_file(tx.connection, actor, file_id, tx.now) for file_id in file_ids]
        expires_at = tx.now + self._days * DAY_MS if self._days else 0
        # In one order everywhere, so that two senders of the same files do not wait for each other.
        for row in sorted(rows, key=lambda row: row.file_id):
            # It may have been given up or swept in this very moment.
            if not row.sent_at and not store.mark_sent(tx, row.file_id, expires_at):
                raise Refused(Code.NOT_FOUND)
            store.link(tx, row.file_id, room_id, seq)
        return [info_of(row, row.expires_at if row.sent_at else expires_at) for row in rows]


def info_of(row: sa.Row[Any], expires_at: int) -> FileInfo:
    return FileInfo(
        row.file_id, row.name, row.size, row.media_type, row.kind, row.width, row.height, row.seconds,
        bool(row.thumb), expires_at,
    )  # fmt: skip
