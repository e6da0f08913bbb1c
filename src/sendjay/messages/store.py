"""The SQL of messages: the group statements of sending, and pages of history."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from sendjay.protocol.objects import Message, MessageKind, Notice
from sendjay.storage.json_rows import JsonRow, JsonRows
from sendjay.storage.statements import Prepared, RowLookup
from sendjay.storage.tables import members, messages, requests, rooms

_LOOKUP = """
WITH wanted(i, room_id, user_id, client_id, session_id) AS (VALUES {values})
SELECT w.i, r.seq, r.version, r.members_version, r.hidden_count, r.touched_at, m.is_member,
       q.room_id, q.seq, q.version, q.made_at, q.digest, s.ended_at
FROM wanted w
LEFT JOIN rooms r ON r.room_id = w.room_id
LEFT JOIN members m ON m.room_id = w.room_id AND m.user_id = w.user_id
LEFT JOIN requests q ON q.user_id = w.user_id AND q.client_id = w.client_id
LEFT JOIN sessions s ON s.session_id = w.session_id
"""
_decode_notice = msgspec.json.Decoder(Notice).decode


class SendState(NamedTuple):
    """What is known of one send before it is judged; all None where there is no such row."""

    position: int
    room_seq: int | None
    room_version: int | None
    members_version: int
    hidden_count: int
    touched_at: int
    is_member: int | None
    before_room: str | None
    before_seq: int
    before_version: int
    before_at: int
    before_digest: bytes | None
    session_ended_at: int | None


class SendStatements:
    """The few statements that write a group of messages, compiled once."""

    def __init__(self, dialect: sa.Dialect) -> None:
        self._lookup = RowLookup(_LOOKUP, 5, dialect)
        columns = ("room_id", "seq", "version", "sender_id", "sent_at", "kind", "body", "client_id")
        self._insert = Prepared(
            sa.insert(messages).values({name: sa.bindparam(name) for name in columns}), dialect
        )
        asked = ("user_id", "client_id", "kind", "room_id", "seq", "version", "made_at", "digest")
        self._remember = Prepared(
            sa.insert(requests).values({name: sa.bindparam(name) for name in asked}), dialect
        )
        moved = ("seq", "version", "last_seq", "touched_at")
        self._move = Prepared(
            sa.update(rooms)
            .where(rooms.c.room_id == sa.bindparam("room"))
            .values({name: sa.bindparam(name) for name in moved}),
            dialect,
        )

    def look_up(
        self, connection: sa.Connection, wanted: list[tuple[int, str, str, str, str]]
    ) -> list[SendState]:
        """In the order of `wanted`: (index, room_id, user_id, client_id, session_id)."""
        found = [SendState(*row) for row in self._lookup.run(connection, wanted)]
        found.sort(key=lambda state: state.position)
        return found

    def write(
        self,
        connection: sa.Connection,
        written: list[dict[str, Any]],
        asked: list[dict[str, Any]],
        moved: list[dict[str, Any]],
    ) -> None:
        self._insert.run_many(connection, written)
        self._remember.run_many(connection, asked)
        self._move.run_many(connection, moved)


class MessageRow(JsonRow):
    """A row of the timeline; the notice is JSON text."""

    seq: int
    version: int
    sender: str
    at: int
    kind: MessageKind
    body: str
    notice: str | None
    client_id: str | None


_ROW = (
    messages.c.seq,
    messages.c.version,
    messages.c.sender_id,
    messages.c.sent_at,
    messages.c.kind,
    messages.c.body,
    messages.c.notice,
    messages.c.client_id,
)
_IN_ROOM = sa.select(*_ROW).where(
    messages.c.room_id == sa.bindparam("room"),
    messages.c.seq > sa.bindparam("above"),
    messages.c.seq < sa.bindparam("below"),
)
_NEWEST = JsonRows(_IN_ROOM.order_by(messages.c.seq.desc()).limit(sa.bindparam("most")), MessageRow)
_OLDEST = JsonRows(_IN_ROOM.order_by(messages.c.seq).limit(sa.bindparam("most")), MessageRow)


def newest_below(connection: sa.Connection, room_id: str, below: int, floor: int, most: int) -> list[Message]:
    """Up to `most` rows before a seq and above the floor, ascending."""
    found = {"room": room_id, "above": floor, "below": below, "most": most}
    return _messages(_NEWEST.all(connection, found))


def oldest_above(connection: sa.Connection, room_id: str, above: int, most: int) -> list[Message]:
    """Up to `most` rows after a seq, ascending."""
    found = {"room": room_id, "above": above, "below": 2**62, "most": most}
    return _messages(_OLDEST.all(connection, found))


def load_some(connection: sa.Connection, room_id: str, seqs: list[int], floor: int) -> list[Message]:
    query = sa.select(*_ROW).where(
        messages.c.room_id == room_id, messages.c.seq.in_(seqs), messages.c.seq > floor
    )
    return _messages(MessageRow(*row) for row in connection.execute(query))


def load_one(connection: sa.Connection, room_id: str, seq: int) -> Message | None:
    found = load_some(connection, room_id, [seq], 0)
    return found[0] if found else None


def not_read_by(connection: sa.Connection, room_id: str, message: Message) -> list[str]:
    """Members of then and now whose cursor stands before this message, by the time they joined."""
    query = (
        sa.select(members.c.user_id)
        .where(
            members.c.room_id == room_id,
            members.c.is_member == 1,
            members.c.joined_seq < message.seq,
            members.c.read_seq < message.seq,
            members.c.user_id != message.sender,
        )
        .order_by(members.c.joined_at, members.c.user_id)
    )
    return list(connection.execute(query).scalars())


def _messages(rows: Iterable[MessageRow]) -> list[Message]:
    """Ascending by seq."""
    return sorted((_message(row) for row in rows), key=lambda message: message.seq)


def _message(row: MessageRow) -> Message:
    notice = _decode_notice(row.notice) if row.notice is not None else None
    return Message(row.seq, row.version, row.sender, row.at, row.kind, row.body, notice, row.client_id)
