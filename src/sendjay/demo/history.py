"""Writes what was said before the demo began. The services know only the present, so this writes rows.

It keeps the rules of the timeline: seq and version rise by one with each message, times never go back
within a room, `last_seq` is the newest that is no notice. The rest is left to the services.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from sendjay.demo.talk import Said
from sendjay.storage.tables import members, messages, rooms
from sendjay.storage.transaction import Transaction

Row = sa.Row[Any]


def begin_at(tx: Transaction, room_id: str, at: datetime) -> None:
    """A room that has just been made was made then, with all its notices and members."""
    moment = _milliseconds(at)
    tx.run(sa.update(rooms).where(rooms.c.room_id == room_id).values(created_at=moment, touched_at=moment))
    tx.run(sa.update(members).where(members.c.room_id == room_id).values(joined_at=moment))
    tx.run(sa.update(messages).where(messages.c.room_id == room_id).values(sent_at=moment))


def invited_at(tx: Transaction, room_id: str, people: Sequence[str], at: datetime) -> None:
    """These people, who have just been invited, came then; the notice of it is the room's newest row."""
    room = _room(tx, room_id)
    came = (members.c.room_id == room_id) & members.c.user_id.in_(people)
    newest = (messages.c.room_id == room_id) & (messages.c.seq == room.seq)
    # What was said before may have ended a little later than the script meant.
    before = sa.select(sa.func.max(messages.c.sent_at)).where(
        messages.c.room_id == room_id, messages.c.seq < room.seq
    )
    moment = max(_milliseconds(at), tx.connection.execute(before).scalar() or 0)
    tx.run(sa.update(members).where(came).values(joined_at=moment))
    tx.run(sa.update(messages).where(newest).values(sent_at=moment))
    tx.run(sa.update(rooms).where(rooms.c.room_id == room_id).values(touched_at=moment))


def add_talk(tx: Transaction, room_id: str, said: Sequence[Said]) -> None:
    """These messages, in this order, after what the room has."""
    room = _room(tx, room_id)
    rows: list[dict[str, Any]] = []
    at = room.touched_at
    for step, each in enumerate(said, start=1):
        at = max(at, _milliseconds(each.at))
        rows.append(
            {
                "room_id": room_id, "seq": room.seq + step, "version": room.version + step,
                "sender_id": each.who, "sent_at": at, "kind": "text", "body": each.text,
            }
        )  # fmt: skip
    if rows:
        newest = rows[-1]
        tx.run(sa.insert(messages), rows)
        head = {
            "seq": newest["seq"],
            "version": newest["version"],
            "last_seq": newest["seq"],
            "touched_at": at,
        }
        tx.run(sa.update(rooms).where(rooms.c.room_id == room_id).values(head))


def last_said_by(connection: sa.Connection, room_id: str) -> dict[str, int]:
    """The newest seq of each sender: nobody has read less than what they said themselves."""
    query = (
        sa.select(messages.c.sender_id, sa.func.max(messages.c.seq))
        .where(messages.c.room_id == room_id)
        .group_by(messages.c.sender_id)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def _room(tx: Transaction, room_id: str) -> Row:
    return tx.connection.execute(sa.select(rooms).where(rooms.c.room_id == room_id)).one()


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)
