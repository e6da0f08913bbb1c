"""The SQL of items, of the rooms about them, and of deals."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from sendjay.protocol.objects import Item
from sendjay.storage.statements import PreparedRow
from sendjay.storage.tables import item_rooms, items, members, rooms
from sendjay.storage.transaction import Transaction

Row = sa.Row[Any]


class Position(NamedTuple):
    """Where a page of a list ended: what happened last, and the id that parts equals."""

    at: int
    id: str


def item_from_row(row: Any) -> Item:
    return Item(
        kind=row.kind,
        id=row.host_id,
        title=row.title,
        owner=row.owner_id,
        price=row.price,
        status=row.status,
        picture=row.picture,
        link=row.link,
        is_open=bool(row.is_open),
        is_gone=bool(row.is_gone),
    )


_ITEM = PreparedRow(items, items.c.item_key == sa.bindparam("key"))


def load_item(connection: sa.Connection, key: str, *, lock: bool = False) -> Row | None:
    """`lock`: hold it, so that what it says now goes into what is made of it."""
    if not lock or connection.dialect.name == "sqlite":
        return _ITEM.find(connection, {"key": key})
    query = sa.select(items).where(items.c.item_key == key)
    return connection.execute(query.with_for_update()).first()


def insert_item(tx: Transaction, values: dict[str, Any]) -> None:
    tx.run(sa.insert(items), values)


def update_item(tx: Transaction, key: str, values: dict[str, Any]) -> None:
    tx.run(sa.update(items).where(items.c.item_key == key).values(values))


def items_to_spread(connection: sa.Connection, before: int, most: int) -> list[str]:
    """Items whose rooms have not all been told of what was issued before then."""
    query = sa.select(items.c.item_key).where(items.c.spread == 0, items.c.issued_at < before).limit(most)
    return list(connection.execute(query).scalars())


def offering(connection: sa.Connection, people: Collection[str]) -> set[str]:
    """Those of these people who own an item that is not gone."""
    query = sa.select(items.c.owner_id).where(items.c.owner_id.in_(people), items.c.is_gone == 0).distinct()
    return set(connection.execute(query).scalars())


def rooms_of_item(connection: sa.Connection, key: str, after: str, most: int) -> list[str]:
    """All rooms about it, by id."""
    query = (
        sa.select(item_rooms.c.room_id)
        .where(item_rooms.c.item_key == key, item_rooms.c.room_id > after)
        .order_by(item_rooms.c.room_id)
        .limit(most)
    )
    return list(connection.execute(query).scalars())


def insert_item_room(tx: Transaction, room_id: str, key: str, owner: str, asker: str) -> None:
    row = {
        "room_id": room_id, "item_key": key, "owner_id": owner, "asker_id": asker, "created_at": tx.now
    }  # fmt: skip
    tx.run(sa.insert(item_rooms), row)


def load_item_room(connection: sa.Connection, room_id: str) -> Row | None:
    return connection.execute(sa.select(item_rooms).where(item_rooms.c.room_id == room_id)).first()


def update_item_room(tx: Transaction, room_id: str, values: dict[str, Any]) -> None:
    tx.run(sa.update(item_rooms).where(item_rooms.c.room_id == room_id).values(values))


def begun_since(connection: sa.Connection, asker: str, since: int) -> int:
    """How many rooms this person has begun since then."""
    query = (
        sa.select(sa.func.count())
        .select_from(item_rooms)
        .where(item_rooms.c.asker_id == asker, item_rooms.c.created_at >= since)
    )
    return connection.execute(query).scalar_one()


# Lists


def _listed(user: str) -> sa.Join:
    mine = sa.and_(
        members.c.room_id == item_rooms.c.room_id,
        members.c.user_id == user,
        members.c.is_member == 1,
        members.c.hidden == 0,
    )
    return item_rooms.join(members, mine).join(rooms, rooms.c.room_id == item_rooms.c.room_id)


def owned(connection: sa.Connection, owner: str, after: Position | None, most: int) -> list[Any]:
    """(item_key, askers, at) of this person's items that others have asked about, the newest first."""
    at = sa.func.max(rooms.c.touched_at)
    query = (
        sa.select(item_rooms.c.item_key, sa.func.count().label("askers"), at.label("at"))
        .select_from(_listed(owner))
        .where(item_rooms.c.owner_id == owner)
        .group_by(item_rooms.c.item_key)
        .order_by(at.desc(), item_rooms.c.item_key)
        .limit(most)
    )
    if after is not None:
        is_later = sa.or_(at < after.at, sa.and_(at == after.at, item_rooms.c.item_key > after.id))
        query = query.having(is_later)
    return list(connection.execute(query).all())


def rooms_of_owned(connection: sa.Connection, owner: str, keys: Sequence[str]) -> list[Any]:
    """(item_key, room_id) of these items' rooms in the owner's list."""
    query = (
        sa.select(item_rooms.c.item_key, item_rooms.c.room_id)
        .select_from(_listed(owner))
        .where(item_rooms.c.owner_id == owner, item_rooms.c.item_key.in_(keys))
    )
    return list(connection.execute(query).all())


def load_items(connection: sa.Connection, keys: Sequence[str]) -> dict[str, Row]:
    rows = connection.execute(sa.select(items).where(items.c.item_key.in_(keys)))
    return {row.item_key: row for row in rows}


def asked(connection: sa.Connection, asker: str, after: Position | None, most: int) -> list[Row]:
    """(room_id, at) of the rooms in which this person asks, the newest first."""
    return _rooms(connection, asker, item_rooms.c.asker_id == asker, after, most)


def rooms_about(
    connection: sa.Connection, user: str, key: str, after: Position | None, most: int
) -> list[Row]:
    """The same of one item, whichever of the two this person is."""
    is_one = sa.or_(item_rooms.c.owner_id == user, item_rooms.c.asker_id == user)
    return _rooms(connection, user, sa.and_(item_rooms.c.item_key == key, is_one), after, most)


def _rooms(
    connection: sa.Connection, user: str, which: sa.ColumnElement[bool], after: Position | None, most: int
) -> list[Any]:
    at, room_id = rooms.c.touched_at, rooms.c.room_id
    query = sa.select(room_id, at.label("at")).select_from(_listed(user)).where(which)
    if after is not None:
        query = query.where(sa.or_(at < after.at, sa.and_(at == after.at, room_id > after.id)))
    return list(connection.execute(query.order_by(at.desc(), room_id).limit(most)).all())


def coming(connection: sa.Connection, user: str, today: str, most: int) -> list[Row]:
    """(room_id, asker_id, card) of this person's deals that are not over, the nearest first."""

    def of(which: sa.ColumnElement[bool]) -> sa.Select[*tuple[Any, ...]]:
        return (
            sa.select(item_rooms.c.room_id, item_rooms.c.asker_id, item_rooms.c.deal_until, rooms.c.card)
            .select_from(_listed(user))
            .where(which, item_rooms.c.deal_until >= today, item_rooms.c.deal_until != "")
            .order_by(item_rooms.c.deal_until, item_rooms.c.room_id)
            .limit(most)
        )

    found = [
        *connection.execute(of(item_rooms.c.owner_id == user)),
        *connection.execute(of(item_rooms.c.asker_id == user)),
    ]
    return sorted(found, key=lambda row: (row.deal_until, row.room_id))[:most]
