"""The SQL of drafts."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from sendjay.storage.json_rows import JsonRow, JsonRows
from sendjay.storage.tables import drafts, members
from sendjay.storage.transaction import Transaction
from sendjay.storage.upsert import insert_or_update


class DraftRow(JsonRow):
    room_id: str
    body: str
    personal_version: int
    changed_at: int


_COLUMNS = (drafts.c.room_id, drafts.c.body, drafts.c.personal_version, drafts.c.changed_at)
_NEWEST = (
    sa.select(*_COLUMNS)
    .join(members, sa.and_(members.c.room_id == drafts.c.room_id, members.c.user_id == drafts.c.user_id))
    .where(
        drafts.c.user_id == sa.bindparam("user"),
        # A room that was left shows nothing of what was begun in it.
        members.c.is_member == 1,
        members.c.hidden == 0,
    )
    .order_by(drafts.c.personal_version.desc())
    .limit(sa.bindparam("most", type_=sa.Integer()))
)
_WRITTEN = JsonRows(_NEWEST.where(drafts.c.body != ""), DraftRow)
_CHANGED = JsonRows(_NEWEST.where(drafts.c.personal_version > sa.bindparam("above")), DraftRow)


def load(connection: sa.Connection, user: str, room_id: str) -> Any | None:
    query = sa.select(*_COLUMNS).where(drafts.c.user_id == user, drafts.c.room_id == room_id)
    return connection.execute(query).first()


def written(connection: sa.Connection, user: str, most: int) -> list[DraftRow]:
    """Drafts with something in them, the newest first."""
    return _WRITTEN.all(connection, {"user": user, "most": most})


def changed(connection: sa.Connection, user: str, above: int, most: int) -> list[DraftRow]:
    """Drafts that changed above a version of this person's stream, emptied ones too, the newest first."""
    return _CHANGED.all(connection, {"user": user, "above": above, "most": most})


def put(tx: Transaction, user: str, room_id: str, body: str, personal_version: int) -> None:
    changes = {"body": body, "personal_version": personal_version, "changed_at": tx.now}
    row = {"user_id": user, "room_id": room_id, **changes}
    tx.run(insert_or_update(tx.connection.dialect, drafts, changes), row)


def delete(tx: Transaction, user: str, room_id: str) -> None:
    tx.run(sa.delete(drafts).where(drafts.c.user_id == user, drafts.c.room_id == room_id))
