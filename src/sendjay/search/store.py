"""The SQL of search: signatures of blocks, and the rows that may match."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from sendjay.search.model import FOREVER
from sendjay.storage.statements import PreparedQuery
from sendjay.storage.tables import members, messages, rooms, search_blocks
from sendjay.storage.transaction import Transaction
from sendjay.storage.upsert import insert_or_replace

Rows = Sequence[Any]


class BlockRow(NamedTuple):
    """Known of a sealed block: when its first and its last row were sent."""

    block: int
    first_at: int
    last_at: int
    signature: bytes


class Standing(NamedTuple):
    """Moves with every change of messages that a room already had. Rows at or below `retained_seq` may go at
    any time, and nothing moves with that.
    """

    changes_version: int
    retained_seq: int


class MyRoomRow(NamedTuple):
    """A room of somebody's, for a search through all of them."""

    room_id: str
    seq: int
    floor_seq: int
    last_at: int
    """When something was last said that may be found."""
    has_deleted: bool


def standing(connection: sa.Connection, room_id: str) -> Standing | None:
    query = sa.select(rooms.c.changes_version, rooms.c.retained_seq).where(rooms.c.room_id == room_id)
    found = connection.execute(query).first()
    return None if found is None else Standing(found[0], found[1])


def newest_sealed(connection: sa.Connection, room_id: str) -> int:
    """-1 where there is none."""
    query = sa.select(sa.func.max(search_blocks.c.block)).where(search_blocks.c.room_id == room_id)
    found = connection.execute(query).scalar()
    return -1 if found is None else found


class TextRow(NamedTuple):
    """A message that may be found."""

    seq: int
    version: int
    sender_id: str
    sent_at: int
    body: str
    client_id: str | None
    extra: str | None


_ROWS = (
    sa.select(
        messages.c.seq, messages.c.version, messages.c.sender_id, messages.c.sent_at, messages.c.body,
        messages.c.client_id, messages.c.extra,
    )
    .where(
        messages.c.room_id == sa.bindparam("room"), messages.c.seq >= sa.bindparam("first"),
        messages.c.seq <= sa.bindparam("last"), messages.c.sent_at < sa.bindparam("until"),
        messages.c.kind == "text",
    )
    .order_by(messages.c.seq.desc())
)  # fmt: skip
_has_raw = sa.or_(messages.c.body.like(sa.bindparam("raw")), messages.c.extra.like(sa.bindparam("raw")))
_ALL_ROWS, _ROWS_WITH = PreparedQuery(_ROWS), PreparedQuery(_ROWS.where(_has_raw))
_BLOCKS = PreparedQuery(
    sa.select(
        search_blocks.c.block, search_blocks.c.first_at, search_blocks.c.last_at, search_blocks.c.signature
    )
    .where(
        search_blocks.c.room_id == sa.bindparam("room"), search_blocks.c.block < sa.bindparam("below"),
        search_blocks.c.block >= sa.bindparam("first"),
    )
    .order_by(search_blocks.c.block.desc())
    .limit(sa.bindparam("most"))
)  # fmt: skip


def rows_between(
    connection: sa.Connection, room_id: str, first: int, last: int, raw: str = "", until: int = FOREVER
) -> list[TextRow]:
    """Texts, newest first; with `raw` (letters alone), only those that have it in the text or in what it
    carries; sent before `until`.
    """
    wanted = {"room": room_id, "first": first, "last": last, "until": until}
    if raw:
        return [TextRow(*row) for row in _ROWS_WITH.all(connection, wanted | {"raw": f"%{raw}%"})]
    return [TextRow(*row) for row in _ALL_ROWS.all(connection, wanted)]


def blocks_below(
    connection: sa.Connection, room_id: str, below: int, from_block: int, most: int
) -> list[BlockRow]:
    """Sealed blocks, the newest first."""
    wanted = {"room": room_id, "below": below, "first": from_block, "most": most}
    return [BlockRow(row[0], row[1], row[2], bytes(row[3])) for row in _BLOCKS.all(connection, wanted)]


def load_signature(connection: sa.Connection, room_id: str, block: int) -> bytes | None:
    query = sa.select(search_blocks.c.signature).where(
        search_blocks.c.room_id == room_id, search_blocks.c.block == block
    )
    found = connection.execute(query).scalar()
    return None if found is None else bytes(found)


def keep_block(tx: Transaction, room_id: str, row: BlockRow) -> None:
    statement = insert_or_replace(tx.connection.dialect, search_blocks, ["first_at", "last_at", "signature"])
    tx.run(statement, {"room_id": room_id, **row._asdict()})


def change_signature(tx: Transaction, room_id: str, block: int, signature: bytes) -> None:
    row = sa.update(search_blocks).where(search_blocks.c.room_id == room_id, search_blocks.c.block == block)
    tx.run(row.values(signature=signature))


def forget_blocks(tx: Transaction, room_id: str, up_to: int) -> None:
    tx.run(sa.delete(search_blocks).where(search_blocks.c.room_id == room_id, search_blocks.c.block <= up_to))


def my_rooms(connection: sa.Connection, user: str) -> list[MyRoomRow]:
    """Rooms in this person's list."""
    query = (
        sa.select(
            rooms.c.room_id, rooms.c.seq, members.c.joined_seq, members.c.cleared_seq, rooms.c.retained_seq,
            messages.c.sent_at, members.c.has_deleted,
        )
        .join(members, members.c.room_id == rooms.c.room_id)
        .join(messages, sa.and_(messages.c.room_id == rooms.c.room_id, messages.c.seq == rooms.c.last_seq))
        .where(members.c.user_id == user, members.c.is_member == 1, members.c.hidden == 0)
    )  # fmt: skip
    return [
        MyRoomRow(row[0], row[1], max(row[2], row[3], row[4]), row[5], bool(row[6]))
        for row in connection.execute(query)
    ]


def times_at(connection: sa.Connection, room_id: str, seqs: Sequence[int]) -> list[int]:
    """When these rows were written; those that are gone are left out."""
    query = sa.select(messages.c.sent_at).where(messages.c.room_id == room_id, messages.c.seq.in_(seqs))
    return list(connection.execute(query).scalars())


def rooms_to_seal(connection: sa.Connection, after: str, size: int, most: int) -> Rows:
    """(room_id, seq, retained_seq, sealed) of rooms with whole blocks that are not sealed, by id."""
    sealed = (
        sa.select(sa.func.count())
        .select_from(search_blocks)
        .where(search_blocks.c.room_id == rooms.c.room_id)
        .scalar_subquery()
    )
    whole = rooms.c.seq // size - (rooms.c.retained_seq + size - 1) // size
    query = (
        sa.select(rooms.c.room_id, rooms.c.seq, rooms.c.retained_seq, sealed.label("sealed"))
        .where(rooms.c.room_id > after, rooms.c.seq > size, sealed < whole)
        .order_by(rooms.c.room_id)
        .limit(most)
    )
    return connection.execute(query).all()


def sealed_among(connection: sa.Connection, room_id: str) -> set[int]:
    query = sa.select(search_blocks.c.block).where(search_blocks.c.room_id == room_id)
    return set(connection.execute(query).scalars())
