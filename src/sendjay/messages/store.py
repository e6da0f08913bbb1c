"""The SQL of messages: the group statements of sending, and pages of history."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from sendjay.protocol.objects import Message, MessageKind, Notice
from sendjay.rooms.service import with_extra
from sendjay.storage.json_rows import JsonRow, JsonRows
from sendjay.storage.row_lists import InsertRows, NumberedRow, RowLookup, UpdateRows, hex_of, list_of
from sendjay.storage.tables import members, message_changes, message_edits, messages, requests, rooms
from sendjay.storage.transaction import Transaction
from sendjay.storage.upsert import insert_or_replace

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
    is_blocked: int | None
    kind: str | None


_LOOKUP = RowLookup(
    wanted=("room_id", "user_id", "client_id", "session_id"),
    answer=(
        "r.seq", "r.version", "r.members_version", "r.hidden_count", "r.touched_at", "m.is_member",
        "q.seq", "q.version", "q.made_at", hex_of("q.digest"), "s.ended_at", "r.blocked", "r.kind",
    ),
    row=SendState,
    source="""
    LEFT JOIN rooms r ON r.room_id = w.room_id
    LEFT JOIN members m ON m.room_id = w.room_id AND m.user_id = w.user_id
    LEFT JOIN requests q ON q.user_id = w.user_id AND q.client_id = w.client_id
    LEFT JOIN sessions s ON s.session_id = w.session_id""",
)  # fmt: skip
_INSERT = InsertRows(
    messages, ("room_id", "seq", "version", "sender_id", "sent_at", "kind", "body", "client_id", "extra")
)
_REMEMBER = InsertRows(
    requests, ("client_id", "user_id", "kind", "room_id", "seq", "version", "made_at", "digest")
)
_MOVE = UpdateRows(rooms, ("room_id",), ("seq", "version", "last_seq", "touched_at"))


def look_up_sends(connection: sa.Connection, wanted: Sequence[tuple[str, str, str, str]]) -> list[SendState]:
    """In the order of `wanted`: (room_id, user_id, client_id, session_id)."""
    return _LOOKUP.run(connection, wanted)


def write_sends(
    connection: sa.Connection,
    written: Sequence[tuple[Any, ...]],
    asked: Sequence[tuple[Any, ...]],
    moved: Sequence[tuple[Any, ...]],
) -> None:
    """Rows in the order of the columns in _INSERT, _REMEMBER and _MOVE."""
    _INSERT.run(connection, written)
    _REMEMBER.run(connection, asked)
    _MOVE.run(connection, moved)


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
    extra: str | None


_ROW = (
    messages.c.seq,
    messages.c.version,
    messages.c.sender_id,
    messages.c.sent_at,
    messages.c.kind,
    messages.c.body,
    messages.c.notice,
    messages.c.client_id,
    messages.c.extra,
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


class TailRow(NumberedRow):
    rows: list[MessageRow] | None


_TAILS = RowLookup(
    wanted=("room_id", "above", "held"),
    answer=(
        list_of(
            (
                "m.seq",
                "m.version",
                "m.sender_id",
                "m.sent_at",
                "m.kind",
                "m.body",
                "m.notice",
                "m.client_id",
                "m.extra",
            ),
            "FROM messages m WHERE m.room_id = w.room_id AND m.seq > w.above AND m.version > w.held",
        ),
    ),
    row=TailRow,
)
_NO_TAIL = ("", 0, 0)


def tails(connection: sa.Connection, wanted: Sequence[Tail]) -> list[list[Message]]:
    """For each, its rows ascending by seq; one statement for all."""
    if not wanted:
        return []
    # The lookup fills a list up with its last row: better one that finds nothing.
    found = _TAILS.run(connection, [*wanted, _NO_TAIL])
    return [_messages(each.rows or ()) for each in found[: len(wanted)]]


def load_some(connection: sa.Connection, room_id: str, seqs: list[int], floor: int) -> list[Message]:
    query = sa.select(*_ROW).where(
        messages.c.room_id == room_id, messages.c.seq.in_(seqs), messages.c.seq > floor
    )
    return _messages(MessageRow(*row) for row in connection.execute(query))


def load_one(connection: sa.Connection, room_id: str, seq: int) -> Message | None:
    found = load_some(connection, room_id, [seq], 0)
    return found[0] if found else None


def members_among(connection: sa.Connection, room_id: str, people: Sequence[str]) -> set[str]:
    """Those of these people who are members now."""
    query = sa.select(members.c.user_id).where(
        members.c.room_id == room_id, members.c.is_member == 1, members.c.user_id.in_(people)
    )
    return set(connection.execute(query).scalars())


def change(tx: Transaction, room_id: str, seq: int, version: int, values: dict[str, Any]) -> None:
    """Columns of a row that stands, at the room's version that this change gives it."""
    row = sa.update(messages).where(messages.c.room_id == room_id, messages.c.seq == seq)
    tx.run(row.values(version=version, **values))
    listed = {"room_id": room_id, "seq": seq, "version": version}
    tx.run(insert_or_replace(tx.connection.dialect, message_changes, ["version"]), listed)


def keep_edited(tx: Transaction, room_id: str, message: Message) -> None:
    """What a message said until now."""
    said = {"version": message.version, "body": message.body, "edited_at": tx.now}
    tx.run(sa.insert(message_edits), {"room_id": room_id, "seq": message.seq, **said})


def readers(connection: sa.Connection, room_id: str, message: Message) -> tuple[list[str], list[str]]:
    """Members of then and now, by the time they joined: who has not read it, and who has."""
    query = (
        sa.select(members.c.user_id, members.c.read_seq)
        .where(
            members.c.room_id == room_id,
            members.c.is_member == 1,
            members.c.joined_seq < message.seq,
            members.c.user_id != message.sender,
        )
        .order_by(members.c.joined_at, members.c.user_id)
    )
    rows = connection.execute(query).all()
    has_not = [user for user, cursor in rows if cursor < message.seq]
    return has_not, [user for user, cursor in rows if cursor >= message.seq]


def _messages(rows: Iterable[MessageRow]) -> list[Message]:
    """Ascending by seq."""
    return sorted((_message(row) for row in rows), key=lambda message: message.seq)


def _message(row: MessageRow) -> Message:
    notice = _decode_notice(row.notice) if row.notice is not None else None
    # This very "text" is the default that is not sent; the database's is another one.
    kind = "text" if row.kind == "text" else row.kind
    plain = Message(row.seq, row.version, row.sender, row.at, kind, row.body, notice, row.client_id)
    return plain if row.extra is None else with_extra(plain, row.extra)
