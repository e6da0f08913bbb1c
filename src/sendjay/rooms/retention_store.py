"""The SQL of retention: rooms with messages that are too old, and up to where they are."""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa

from sendjay.storage.tables import messages, rooms


class AgingRoom(NamedTuple):
    room_id: str
    kind: str
    seq: int
    retained_seq: int
    first_at: int | None
    """When the oldest message that is not hidden from all was sent."""


_first_visible_at = (
    sa.select(messages.c.sent_at)
    .where(messages.c.room_id == rooms.c.room_id, messages.c.seq > rooms.c.retained_seq)
    .order_by(messages.c.seq)
    .limit(1)
    .scalar_subquery()
)


def page(connection: sa.Connection, after: str, created_before: int, most: int) -> list[AgingRoom]:
    """Rooms in the order of their ids."""
    query = (
        sa.select(
            rooms.c.room_id,
            rooms.c.kind,
            rooms.c.seq,
            rooms.c.retained_seq,
            _first_visible_at.label("first_at"),
        )
        .where(rooms.c.room_id > after, rooms.c.created_at < created_before)
        .order_by(rooms.c.room_id)
        .limit(most)
    )
    return [AgingRoom(*row) for row in connection.execute(query)]


def last_before(connection: sa.Connection, room_id: str, above: int, to: int, moment: int) -> int:
    """The highest seq that was sent before a moment; `above` where there is none. Times never go back within
    a room, so it is looked for by halves.
    """
    low, high = above, to
    while low < high:
        middle = (low + high + 1) // 2
        query = (
            sa.select(messages.c.seq, messages.c.sent_at)
            .where(messages.c.room_id == room_id, messages.c.seq >= middle, messages.c.seq <= high)
            .order_by(messages.c.seq)
            .limit(1)
        )
        found = connection.execute(query).first()
        if found is not None and found.sent_at < moment:
            low = found.seq
        else:
            high = middle - 1
    return low


def count_due(connection: sa.Connection, moments: dict[str, int], most: int) -> int:
    """Rooms of these kinds whose oldest visible message was sent before the moment of their kind."""
    is_due = sa.or_(
        *(sa.and_(rooms.c.kind == kind, _first_visible_at < moment) for kind, moment in moments.items())
    )
    some = sa.select(rooms.c.room_id).where(is_due).limit(most).subquery()
    return connection.execute(sa.select(sa.func.count()).select_from(some)).scalar_one()
