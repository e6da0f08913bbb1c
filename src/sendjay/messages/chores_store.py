"""The SQL of forgetting: rows of the timeline that lie below everybody's floor, and old idempotency keys."""

from __future__ import annotations

from typing import Any, NamedTuple

import sqlalchemy as sa

from sendjay.storage.tables import messages, metadata, requests, rooms
from sendjay.storage.transaction import Transaction


class RoomToClear(NamedTuple):
    room_id: str
    retained_seq: int


def _begins_with_message(columns: Any) -> bool:
    return [column.name for column in columns][:2] == ["room_id", "seq"]


OF_MESSAGES = tuple(
    table
    for table in metadata.tables.values()
    if table is not messages
    and (
        _begins_with_message(table.primary_key.columns)
        or any(_begins_with_message(index.columns) for index in table.indexes)
    )
)
"""What is kept of messages in other tables, found by (room_id, seq): it goes with them."""

_is_below = sa.and_(messages.c.room_id == rooms.c.room_id, messages.c.seq <= rooms.c.retained_seq)


def rooms_to_clear(connection: sa.Connection, after: str, most: int) -> list[RoomToClear]:
    """Rooms with rows below everybody's floor, in the order of their ids."""
    query = (
        sa.select(rooms.c.room_id, rooms.c.retained_seq)
        .where(rooms.c.room_id > after, rooms.c.retained_seq > 0, sa.exists().where(_is_below))
        .order_by(rooms.c.room_id)
        .limit(most)
    )
    return [RoomToClear(*row) for row in connection.execute(query)]


def count_below(connection: sa.Connection, most: int) -> int:
    some = (
        sa.select(messages.c.seq).select_from(messages.join(rooms, _is_below)).where(rooms.c.retained_seq > 0)
    )
    return connection.execute(
        sa.select(sa.func.count()).select_from(some.limit(most).subquery())
    ).scalar_one()


def first_seq(connection: sa.Connection, room_id: str, to: int) -> int | None:
    query = (
        sa.select(messages.c.seq)
        .where(messages.c.room_id == room_id, messages.c.seq <= to)
        .order_by(messages.c.seq)
        .limit(1)
    )
    return connection.execute(query).scalar()


def delete_rows(tx: Transaction, room_id: str, first: int, last: int) -> int:
    """The rows from `first` to `last`, with all that is kept of them; how many messages it were."""
    for table in OF_MESSAGES:
        tx.run(_delete(table, room_id, first, last))
    return tx.run(_delete(messages, room_id, first, last))


def _delete(table: sa.Table, room_id: str, first: int, last: int) -> sa.Delete:
    return sa.delete(table).where(table.c.room_id == room_id, table.c.seq >= first, table.c.seq <= last)


def end_of_page(connection: sa.Connection, after: str, size: int) -> str | None:
    """The key `size` keys on; None where there are not so many."""
    query = sa.select(requests.c.client_id).where(requests.c.client_id > after)
    return connection.execute(query.order_by(requests.c.client_id).limit(1).offset(size)).scalar()


def old_keys(made_before: int, after: str, to: str | None) -> Any:
    """The condition of keys in this range that were made before and whose message, where there was one, is
    gone.
    """
    lives = sa.exists().where(
        rooms.c.room_id == requests.c.room_id, requests.c.seq > 0, requests.c.seq > rooms.c.retained_seq
    )
    given = [requests.c.client_id > after, requests.c.made_at < made_before, ~lives]
    return sa.and_(*given, *([requests.c.client_id <= to] if to is not None else []))
