"""The only door to a file."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from sendjay.actor import Actor
from sendjay.files import store
from sendjay.messages.service import access_message
from sendjay.protocol.errors import Code, Refused

Row = sa.Row[Any]
LOOKED_THROUGH = 50
"""Messages with the file, newest first: of more than so many that somebody could see, none is visible."""


def access_file(connection: sa.Connection, actor: Actor, file_id: str, now: int) -> Row:
    """The only door to a file: for its owner as long as no message carries it, then for whoever sees one that
    does. Absent, expired and forbidden give the same answer: Refused(NOT_FOUND).
    """
    row = store.load(connection, file_id)
    if row is None or row.state != store.READY or 0 < row.expires_at <= now:
        raise Refused(Code.NOT_FOUND)
    if not row.sent_at:
        if row.owner_id == actor.user_id:
            return row
    elif _is_seen(connection, actor, file_id):
        return row
    raise Refused(Code.NOT_FOUND)


def _is_seen(connection: sa.Connection, actor: Actor, file_id: str) -> bool:
    for room_id, seq in store.seen_in(connection, file_id, actor.user_id, LOOKED_THROUGH):
        try:
            access_message(connection, actor, room_id, seq)
        except Refused:
            continue
        return True
    return False
