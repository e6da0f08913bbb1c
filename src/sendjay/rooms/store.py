"""The SQL of rooms and memberships."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from sendjay.storage.expressions import in_json_list
from sendjay.storage.json_rows import JsonRow, JsonRows
from sendjay.storage.row_lists import NumberedRow, RowLookup, object_of
from sendjay.storage.statements import PreparedQuery, PreparedRow
from sendjay.storage.tables import (
    members,
    message_changes,
    messages,
    personal_streams,
    requests,
    room_sets,
    rooms,
    sessions,
)
from sendjay.storage.transaction import Transaction
from sendjay.storage.upsert import insert_or_ignore, insert_or_replace, insert_or_update

Row = sa.Row[Any]


class StandRow(JsonRow):
    """Where a room stands: nothing in it has a higher version."""

    room_id: str
    version: int
    members_version: int
    changes_version: int
    seq: int
    read_version: int


class TouchedRow(JsonRow):
    """A room where something happened lately."""

    room_id: str
    version: int
    members_at: int


class PersonalRow(JsonRow):
    """Somebody whose own stream has moved lately."""

    user_id: str
    version: int


class Newcomer(NamedTuple):
    """Somebody who comes into a room."""

    user_id: str
    joined_seq: int
    epoch: int


_ROOM = PreparedRow(rooms, rooms.c.room_id == sa.bindparam("room"))
_MEMBER = PreparedRow(
    members, sa.and_(members.c.room_id == sa.bindparam("room"), members.c.user_id == sa.bindparam("user"))
)
_SET = PreparedQuery(sa.select(room_sets.c.room_id).where(room_sets.c.set_key == sa.bindparam("key")))


def load_room(connection: sa.Connection, room_id: str) -> Row | None:
    return _ROOM.find(connection, {"room": room_id})


_STANDS = JsonRows(
    sa.select(
        rooms.c.room_id,
        rooms.c.version,
        rooms.c.members_version,
        rooms.c.changes_version,
        rooms.c.seq,
        rooms.c.read_version,
    ).where(in_json_list(rooms.c.room_id, "rooms")),
    StandRow,
)
_TOUCHED = JsonRows(
    sa.select(rooms.c.room_id, rooms.c.version, rooms.c.members_at).where(
        rooms.c.touched_at >= sa.bindparam("since")
    ),
    TouchedRow,
)
# One row a person: walking through all of them costs less than an index would at every read mark.
_PERSONAL_MOVED = JsonRows(
    sa.select(personal_streams.c.user_id, personal_streams.c.version).where(
        personal_streams.c.changed_at >= sa.bindparam("since")
    ),
    PersonalRow,
)


def stands(connection: sa.Connection, room_ids: Sequence[str]) -> list[StandRow]:
    return _STANDS.all(connection, {"rooms": json.dumps(room_ids)}) if room_ids else []


def touched(connection: sa.Connection, since: int) -> list[TouchedRow]:
    return _TOUCHED.all(connection, {"since": since})


def personal_moved(connection: sa.Connection, since: int) -> list[PersonalRow]:
    return _PERSONAL_MOVED.all(connection, {"since": since})


def shown_to(connection: sa.Connection, room_id: str) -> tuple[str, ...]:
    """The members in whose lists the room is."""
    query = sa.select(members.c.user_id).where(
        members.c.room_id == room_id, members.c.is_member == 1, members.c.hidden == 0
    )
    return tuple(connection.execute(query).scalars())


def rooms_of_masters(connection: sa.Connection, people: Sequence[str]) -> list[Row]:
    """Rooms whose master is one of these people and still a member, by id."""
    query = (
        sa.select(rooms)
        .join(members, sa.and_(members.c.room_id == rooms.c.room_id, members.c.user_id == rooms.c.master_id))
        .where(members.c.user_id.in_(people), members.c.is_member == 1)
        .order_by(rooms.c.room_id)
    )
    return list(connection.execute(query).all())


def load_member(connection: sa.Connection, room_id: str, user_id: str) -> Row | None:
    """The membership, those who have left included."""
    return _MEMBER.find(connection, {"room": room_id, "user": user_id})


def load_members(connection: sa.Connection, room_id: str, *, above_version: int | None = None) -> list[Row]:
    """Current members by the time they joined; or, above a version, all memberships that changed."""
    query = sa.select(members).where(members.c.room_id == room_id)
    if above_version is None:
        query = query.where(members.c.is_member == 1)
    else:
        query = query.where(members.c.version > above_version)
    return list(connection.execute(query.order_by(members.c.joined_at, members.c.user_id)).all())


def rooms_of_pair(connection: sa.Connection, one: str, other: str) -> list[Row]:
    """Rooms of just these two, by id."""
    mine, theirs = members.alias("mine"), members.alias("theirs")
    query = (
        sa.select(rooms)
        .join(mine, sa.and_(mine.c.room_id == rooms.c.room_id, mine.c.user_id == one))
        .join(theirs, sa.and_(theirs.c.room_id == rooms.c.room_id, theirs.c.user_id == other))
        .where(rooms.c.kind.in_(("direct", "item")), mine.c.is_member == 1, theirs.c.is_member == 1)
        .order_by(rooms.c.room_id)
    )
    return list(connection.execute(query).all())


def load_former(connection: sa.Connection, room_id: str, people: Sequence[str]) -> dict[str, Row]:
    query = sa.select(members).where(members.c.room_id == room_id, members.c.user_id.in_(people))
    return {row.user_id: row for row in connection.execute(query)}


class CursorsRow(NumberedRow):
    cursors: dict[str, int] | None


_MOVED_CURSORS = RowLookup(
    wanted=("room_id", "above"),
    answer=(
        object_of(
            "m.user_id",
            "m.read_seq",
            "FROM members m WHERE m.room_id = w.room_id AND m.is_member = 1 AND m.read_version > w.above",
        ),
    ),
    row=CursorsRow,
)
_NO_ROOM = ("", 0)


def load_moved_cursors(connection: sa.Connection, wanted: Sequence[tuple[str, int]]) -> list[dict[str, int]]:
    """Of each (room, read_version): whose cursor moved above it, and to which seq; one statement for all."""
    if not wanted:
        return []
    # The lookup fills a list up with its last row: better one that finds nothing.
    found = _MOVED_CURSORS.run(connection, [*wanted, _NO_ROOM])
    return [row.cursors or {} for row in found[: len(wanted)]]


def member_ids(connection: sa.Connection, room_id: str) -> tuple[int, tuple[str, ...]]:
    """(members_version, members), read together."""
    version = connection.execute(
        sa.select(rooms.c.members_version).where(rooms.c.room_id == room_id)
    ).scalar()
    query = sa.select(members.c.user_id).where(members.c.room_id == room_id, members.c.is_member == 1)
    return version or 0, tuple(connection.execute(query).scalars())


# Changes


def insert_room(tx: Transaction, values: dict[str, Any]) -> None:
    tx.run(sa.insert(rooms), values)


def update_room(tx: Transaction, room_id: str, values: dict[str, Any]) -> None:
    tx.run(sa.update(rooms).where(rooms.c.room_id == room_id).values(values))


def put_newcomers(tx: Transaction, room_id: str, newcomers: Iterable[Newcomer], version: int) -> None:
    """Make them members; a membership of before begins anew, with nothing of its own kept but the person's
    name for it.
    """
    rows = [
        {
            "room_id": room_id,
            "user_id": each.user_id,
            "is_member": 1,
            "epoch": each.epoch,
            "joined_seq": each.joined_seq,
            "cleared_seq": 0,
            "read_seq": each.joined_seq,
            "version": version,
            "hidden": 0,
            "joined_at": tx.now,
        }
        for each in newcomers
    ]
    changes = [name for name in rows[0] if name not in ("room_id", "user_id")]
    tx.run(insert_or_replace(tx.connection.dialect, members, changes), rows)


def update_member(tx: Transaction, room_id: str, user_id: str, values: dict[str, Any]) -> None:
    tx.run(
        sa.update(members).where(members.c.room_id == room_id, members.c.user_id == user_id).values(values)
    )


def reveal_hidden(tx: Transaction, room_id: str) -> list[str]:
    """Bring the room back to the lists of those who had hidden it; who they are."""
    query = sa.select(members.c.user_id).where(
        members.c.room_id == room_id, members.c.is_member == 1, members.c.hidden == 1
    )
    people = list(tx.connection.execute(query).scalars())
    tx.run(sa.update(members).where(members.c.room_id == room_id, members.c.hidden == 1).values(hidden=0))
    tx.run(sa.update(rooms).where(rooms.c.room_id == room_id).values(hidden_count=0, members_at=tx.now))
    return people


def find_set(connection: sa.Connection, key: str) -> str | None:
    found = _SET.one(connection, {"key": key})
    return None if found is None else found[0]


def move_set(tx: Transaction, room_id: str, key: str) -> None:
    """From now on these people lead to this room, unless they lead to another one already."""
    tx.run(sa.delete(room_sets).where(room_sets.c.room_id == room_id))
    tx.run(insert_or_ignore(tx.connection.dialect, room_sets), {"set_key": key, "room_id": room_id})


def insert_notice(
    tx: Transaction, room_id: str, seq: int, version: int, sender: str, at: int, notice: str
) -> None:
    row = {
        "room_id": room_id, "seq": seq, "version": version, "sender_id": sender, "sent_at": at,
        "kind": "notice", "body": "", "notice": notice,
    }  # fmt: skip
    tx.run(sa.insert(messages), row)


def find_request(connection: sa.Connection, user: str, client_id: str) -> Row | None:
    query = sa.select(requests).where(requests.c.user_id == user, requests.c.client_id == client_id)
    return connection.execute(query).first()


def insert_request(tx: Transaction, values: dict[str, Any]) -> None:
    tx.run(sa.insert(requests), values)


def raise_personal(tx: Transaction, user: str) -> int:
    """The next version of this person's own stream."""
    changes = {"version": personal_streams.c.version + 1, "changed_at": tx.now}
    row = {"user_id": user, "version": 1, "changed_at": tx.now}
    tx.run(insert_or_update(tx.connection.dialect, personal_streams, changes), row)
    query = sa.select(personal_streams.c.version).where(personal_streams.c.user_id == user)
    return tx.connection.execute(query).scalar_one()


def session_lives(connection: sa.Connection, session_id: str) -> bool:
    """Is this session still signed in? Asked again under the lock: what a reader saw is only a hint."""
    ended = connection.execute(
        sa.select(sessions.c.ended_at).where(sessions.c.session_id == session_id)
    ).scalar()
    return ended == 0


def changed_messages(connection: sa.Connection, room_id: str, above: int, most: int) -> list[int]:
    """Seqs of rows that changed after they were written, above a version."""
    query = (
        sa.select(message_changes.c.seq)
        .where(message_changes.c.room_id == room_id, message_changes.c.version > above)
        .limit(most)
    )
    return list(connection.execute(query).scalars())


def people_of(row: Row) -> list[str]:
    return json.loads(row.people)
