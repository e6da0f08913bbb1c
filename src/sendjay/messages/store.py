"""The SQL of messages: the group statements of sending, and pages of history."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from sendjay.protocol.objects import Message, MessageKind, Notice
from sendjay.storage.json_rows import JsonRow, JsonRows
from sendjay.storage.statements import ManyRows, NumberedRow, RowLookup
from sendjay.storage.tables import members, messages

_LOOKUP = """
WITH wanted(i, room_id, user_id, client_id, session_id) AS (VALUES {values})
SELECT json_group_array(json_array(
  w.i, r.seq, r.version, r.members_version, r.hidden_count, r.touched_at, m.is_member,
  q.seq, q.version, q.made_at, lower(hex(q.digest)), s.ended_at))
FROM wanted w
LEFT JOIN rooms r ON r.room_id = w.room_id
LEFT JOIN members m ON m.room_id = w.room_id AND m.user_id = w.user_id
LEFT JOIN requests q ON q.user_id = w.user_id AND q.client_id = w.client_id
LEFT JOIN sessions s ON s.session_id = w.session_id
"""
_INSERT = """
INSERT INTO messages (room_id, seq, version, sender_id, sent_at, kind, body, client_id) VALUES {values}
"""
_REMEMBER = """
INSERT INTO requests (client_id, user_id, kind, room_id, seq, version, made_at, digest) VALUES {values}
"""
_MOVE = """
WITH moved(room_id, seq, version, last_seq, touched_at) AS (VALUES {values})
UPDATE rooms SET seq = moved.seq, version = moved.version, last_seq = moved.last_seq,
                 touched_at = moved.touched_at
FROM moved WHERE rooms.room_id = moved.room_id
"""
_decode_notice = msgspec.json.Decoder(Notice).decode


class SendState(NumberedRow):
    """What is known of one send before it is judged; None (and "" for the digest) where there is no such
    row.
    """

    room_seq: int | None
    room_version: int | None
    members_version: int | None
    hidden_count: int | None
    touched_at: int | None
    is_member: int | None
    before_seq: int | None
    before_version: int | None
    before_at: int | None
    before_digest: str | None
    """In hexadecimal."""
    session_ended_at: int | None


class SendStatements:
    """The few statements that write a group of messages, compiled once."""

    def __init__(self, dialect: sa.Dialect) -> None:
        self._lookup = RowLookup(_LOOKUP, 5, SendState, dialect)
        self._insert = ManyRows(_INSERT, 8, dialect)
        self._remember = ManyRows(_REMEMBER, 8, dialect)
        self._move = ManyRows(_MOVE, 5, dialect)

    def look_up(
        self, connection: sa.Connection, wanted: list[tuple[int, str, str, str, str]]
    ) -> list[SendState]:
        """In the order of `wanted`: (index, room_id, user_id, client_id, session_id)."""
        return self._lookup.run(connection, wanted)

    def write(
        self,
        connection: sa.Connection,
        written: list[tuple[Any, ...]],
        asked: list[tuple[Any, ...]],
        moved: list[tuple[Any, ...]],
    ) -> None:
        """Rows in the order of the columns in _INSERT, _REMEMBER and _MOVE."""
        self._insert.run(connection, written)
        self._remember.run(connection, asked)
        self._move.run(connection, moved)


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


class Tail(NamedTuple):
    """The newest rows of a room: above a seq, and of a higher version than `held`."""

    room_id: str
    above: int
    held: int


_TAILS = """
WITH wanted(i, room_id, above, held) AS (VALUES {values})
SELECT json_group_array(json_array(w.i, json((
  SELECT json_group_array(json_array(
    m.seq, m.version, m.sender_id, m.sent_at, m.kind, m.body, m.notice, m.client_id))
  FROM messages m WHERE m.room_id = w.room_id AND m.seq > w.above AND m.version > w.held))))
FROM wanted w
"""


class TailRow(NumberedRow):
    rows: list[MessageRow]


def tails(connection: sa.Connection, wanted: Sequence[Tail]) -> list[list[Message]]:
    """For each, its rows ascending by seq; one statement for all."""
    if not wanted:
        return []
    lookup = _tail_lookups.get(connection.dialect.name)
    if lookup is None:
        lookup = _tail_lookups[connection.dialect.name] = RowLookup(_TAILS, 4, TailRow, connection.dialect)
    rows = [(number, *tail) for number, tail in enumerate(wanted)]
    # The lookup fills a list up with its last row: better one that finds nothing.
    rows.append((len(rows), "", 0, 0))
    found = lookup.run(connection, rows)
    return [_messages(each.rows) for each in found[: len(wanted)]]


_tail_lookups: dict[str, RowLookup[TailRow]] = {}


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
