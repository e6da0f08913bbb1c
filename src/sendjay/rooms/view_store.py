"""The SQL of rooms as one person sees them: the list, single rooms, unread numbers, positions for sync."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from sendjay.protocol.objects import RoomKind
from sendjay.storage.expressions import count_up_to, in_json_list
from sendjay.storage.json_rows import JsonRow, JsonRows
from sendjay.storage.row_lists import Column, NumberedRow, RowLookup, RowsLookup, list_of
from sendjay.storage.statements import PreparedQuery
from sendjay.storage.tables import members, message_deletions, messages, personal_streams, rooms

UNREAD_MOST = 300


class ViewRow(JsonRow):
    """A room, what is one person's own in it, and its last message above their floor."""

    room_id: str
    kind: RoomKind
    name: str | None
    master_id: str | None
    seq: int
    version: int
    members_version: int
    read_version: int
    member_count: int
    people: str
    floor: int
    epoch: int
    read_seq: int
    unread: int
    muted: int
    hidden: int
    pinned: int
    show_members: int
    own_name: str | None
    last_message_seq: int | None
    last_version: int | None
    last_sender: str | None
    last_at: int | None
    last_body: str | None
    last_client_id: str | None
    last_extra: str | None
    has_deleted: int
    pinned_seq: int
    touched_at: int
    changes_version: int
    created_at: int
    blocked: int
    card: str | None


class PositionRow(JsonRow):
    """Where a room stands."""

    room_id: str
    version: int
    read_version: int


class Standing(NamedTuple):
    """The version of a person's own stream (0 before its first change), and of the rooms in their list."""

    personal: int
    positions: list[PositionRow]


class UnreadRow(JsonRow):
    room_id: str
    unread: int


class NewsRow(JsonRow):
    """A room that is not muted; what was said last is none where this person may not see it."""

    room_id: str
    unread: int
    last_at: int | None
    last_sender: str | None


_own_floor = sa.case(
    (members.c.cleared_seq > members.c.joined_seq, members.c.cleared_seq), else_=members.c.joined_seq
)
_floor = sa.case((rooms.c.retained_seq > _own_floor, rooms.c.retained_seq), else_=_own_floor)
_from = sa.case((members.c.read_seq > _floor, members.c.read_seq), else_=_floor)
_countable = messages.alias("countable")
_last = messages.alias("last")


_others_messages = (
    sa.select(sa.literal_column("1").label("one"))
    .select_from(_countable)
    .where(
        _countable.c.room_id == members.c.room_id,
        _countable.c.seq > _from,
        _countable.c.sender_id != members.c.user_id,
        _countable.c.kind == "text",
    )
)
_unread_count = count_up_to(UNREAD_MOST, _others_messages, members, rooms)
"""The one place where unread is defined: others' texts above my cursor and floor, no notices and nothing that
was taken back.
"""
_unread = sa.case((rooms.c.last_seq <= _from, 0), else_=_unread_count).label("unread")
_is_listed = sa.and_(
    members.c.user_id == sa.bindparam("user"), members.c.is_member == 1, members.c.hidden == 0
)
_with_room = members.join(rooms, rooms.c.room_id == members.c.room_id)
_is_deleted = sa.exists().where(
    message_deletions.c.user_id == members.c.user_id,
    message_deletions.c.room_id == members.c.room_id,
    message_deletions.c.seq == rooms.c.last_seq,
)
_last_is_mine_to_see = sa.and_(
    _last.c.room_id == rooms.c.room_id,
    _last.c.seq == rooms.c.last_seq,
    _last.c.seq > _floor,
    # Only who has deleted anything in a room pays for looking.
    sa.or_(members.c.has_deleted == 0, ~_is_deleted),
)
_VIEW_COLUMNS = (
    rooms.c.room_id,
    rooms.c.kind,
    rooms.c.name,
    rooms.c.master_id,
    rooms.c.seq,
    rooms.c.version,
    rooms.c.members_version,
    rooms.c.read_version,
    rooms.c.member_count,
    rooms.c.people,
    _floor.label("floor"),
    members.c.epoch,
    members.c.read_seq,
    _unread,
    members.c.muted,
    members.c.hidden,
    members.c.pinned,
    members.c.show_members,
    members.c.own_name,
    _last.c.seq.label("last_message_seq"),
    _last.c.version.label("last_version"),
    _last.c.sender_id.label("last_sender"),
    _last.c.sent_at.label("last_at"),
    _last.c.body.label("last_body"),
    _last.c.client_id.label("last_client_id"),
    _last.c.extra.label("last_extra"),
    members.c.has_deleted,
    rooms.c.pinned_seq,
    rooms.c.touched_at,
    rooms.c.changes_version,
    rooms.c.created_at,
    rooms.c.blocked,
    rooms.c.card,
)
_VIEW = (
    sa.select(*_VIEW_COLUMNS).select_from(_with_room.outerjoin(_last, _last_is_mine_to_see)).where(_is_listed)
)
_NEWEST_LEFT = (
    sa.select(
        messages.c.seq, messages.c.version, messages.c.sender_id, messages.c.sent_at, messages.c.body,
        messages.c.client_id, messages.c.extra,
    )
    .where(
        messages.c.room_id == sa.bindparam("room"),
        messages.c.seq > sa.bindparam("floor"),
        messages.c.kind == "text",
        ~sa.exists().where(
            message_deletions.c.user_id == sa.bindparam("user"),
            message_deletions.c.room_id == messages.c.room_id,
            message_deletions.c.seq == messages.c.seq,
        ),
    )
    .order_by(messages.c.seq.desc())
    .limit(1)
)  # fmt: skip
_VIEWS = JsonRows(_VIEW, ViewRow)
_SOME_VIEWS = JsonRows(_VIEW.where(in_json_list(members.c.room_id, "rooms")), ViewRow)
_MOVED_VIEWS = JsonRows(_VIEW.where(members.c.personal_version > sa.bindparam("above")), ViewRow)


def _views_of_many(w: sa.TableClause) -> sa.Select[*tuple[Any, ...]]:
    wanted = w.join(
        members, sa.and_(members.c.room_id == w.c.room_id, members.c.user_id == w.c.user_id)
    ).join(rooms, rooms.c.room_id == members.c.room_id)
    return (
        sa.select(w.c.i, *_VIEW_COLUMNS)
        .select_from(wanted.outerjoin(_last, _last_is_mine_to_see))
        .where(members.c.is_member == 1, members.c.hidden == 0)
    )


_VIEWS_OF_MANY = RowsLookup(("user_id", "room_id"), _views_of_many, ViewRow)
_SOME_UNREAD = JsonRows(
    sa.select(rooms.c.room_id, _unread)
    .select_from(_with_room)
    .where(_is_listed, in_json_list(members.c.room_id, "rooms")),
    UnreadRow,
)
_NEWS = JsonRows(
    sa.select(
        rooms.c.room_id, _unread, _last.c.sent_at.label("last_at"), _last.c.sender_id.label("last_sender")
    )
    .select_from(_with_room.outerjoin(_last, _last_is_mine_to_see))
    .where(_is_listed, members.c.muted == 0, rooms.c.last_seq > _from),
    NewsRow,
)
_PERSONAL = sa.select(personal_streams.c.version).where(personal_streams.c.user_id == sa.bindparam("user"))


def views(connection: sa.Connection, user: str, room_ids: Sequence[str] | None = None) -> list[ViewRow]:
    """The rooms that this person is in and has not hidden; all of them, newest first, or only those named."""
    if room_ids is None:
        # Sorted here: asked to sort, a planner may walk all rooms by time instead of this person's.
        rows = sorted(_VIEWS.all(connection, {"user": user}), key=lambda row: row.touched_at, reverse=True)
    else:
        rows = _SOME_VIEWS.all(connection, {"user": user, "rooms": _as_json(room_ids)}) if room_ids else []
    return _with_last(connection, user, rows)


def views_moved_for_me(connection: sa.Connection, user: str, above: int) -> list[ViewRow]:
    """Rooms where what is mine alone changed above a version of my stream."""
    return _with_last(connection, user, _MOVED_VIEWS.all(connection, {"user": user, "above": above}))


def views_of_many(connection: sa.Connection, wanted: Sequence[tuple[str, str]]) -> list[list[ViewRow]]:
    """For each (user, room) that room as this person sees it, or nothing; one statement for all."""
    found = _VIEWS_OF_MANY.run(connection, wanted) if wanted else []
    return [_with_last(connection, user, rows) for (user, _), rows in zip(wanted, found, strict=True)]


def _with_last(connection: sa.Connection, user: str, rows: list[ViewRow]) -> list[ViewRow]:
    """Whoever has deleted what was said last sees what was said before it."""
    for at, row in enumerate(rows):
        if not row.has_deleted or row.last_message_seq is not None:
            continue
        wanted = {"user": user, "room": row.room_id, "floor": row.floor}
        if found := connection.execute(_NEWEST_LEFT, wanted).first():
            seq, version, sender, said_at, body, client_id, extra = found
            rows[at] = msgspec.structs.replace(
                row,
                last_message_seq=seq,
                last_version=version,
                last_sender=sender,
                last_at=said_at,
                last_body=body,
                last_client_id=client_id,
                last_extra=extra,
            )
    return rows


STANDING: tuple[Column, ...] = (
    "(SELECT p.version FROM personal_streams p WHERE p.user_id = w.user_id)",
    list_of(
        ("r.room_id", "r.version", "r.read_version"),
        """FROM members m JOIN rooms r ON r.room_id = m.room_id
        WHERE m.user_id = w.user_id AND m.is_member = 1 AND m.hidden = 0""",
    ),
)
"""The columns of a `Standing`, for a lookup of users that asks something else as well."""


class StandingRow(NumberedRow):
    personal: int | None
    positions: list[PositionRow] | None


_STANDING = RowLookup(("user_id",), STANDING, StandingRow)
_PERSONAL_VERSION = PreparedQuery(_PERSONAL)


def standing(connection: sa.Connection, user: str) -> Standing:
    """Where this person's own stream and all rooms in their list stand."""
    (found,) = _STANDING.run(connection, [(user,)])
    return Standing(found.personal or 0, found.positions or [])


def unread_of(connection: sa.Connection, user: str, room_ids: Sequence[str]) -> dict[str, int]:
    """Unread numbers of those rooms that are in this person's list."""
    rows = _SOME_UNREAD.all(connection, {"user": user, "rooms": _as_json(room_ids)})
    return {row.room_id: row.unread for row in rows}


def news(connection: sa.Connection, user: str) -> list[NewsRow]:
    """Rooms in this person's list that are not muted, with something said above their cursor."""
    return _NEWS.all(connection, {"user": user})


def personal_version(connection: sa.Connection, user: str) -> int:
    """The version of this person's own stream; 0 before its first change."""
    found = _PERSONAL_VERSION.one(connection, {"user": user})
    return found[0] if found is not None else 0


def _as_json(room_ids: Sequence[str]) -> str:
    return msgspec.json.encode(room_ids).decode()
