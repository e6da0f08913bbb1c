"""The SQL of blocks and reports."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from sendjay.storage.tables import blocks, item_rooms, reports
from sendjay.storage.transaction import Transaction
from sendjay.storage.upsert import insert_or_ignore

Row = sa.Row[Any]


def are_blocked(connection: sa.Connection, one: str, other: str) -> bool:
    """Has either of them blocked the other?"""
    query = sa.select(blocks.c.user_id).where(
        sa.or_(
            sa.and_(blocks.c.user_id == one, blocks.c.blocked_id == other),
            sa.and_(blocks.c.user_id == other, blocks.c.blocked_id == one),
        )
    )
    return connection.execute(query.limit(1)).first() is not None


def blocked_among(connection: sa.Connection, user: str, people: Collection[str]) -> set[str]:
    """Those of these people whom this one has blocked, or who have blocked them."""
    mine = sa.select(blocks.c.blocked_id).where(blocks.c.user_id == user, blocks.c.blocked_id.in_(people))
    theirs = sa.select(blocks.c.user_id).where(blocks.c.blocked_id == user, blocks.c.user_id.in_(people))
    return {*connection.execute(mine).scalars(), *connection.execute(theirs).scalars()}


def blocked_by(connection: sa.Connection, user: str, most: int) -> list[str]:
    query = (
        sa.select(blocks.c.blocked_id)
        .where(blocks.c.user_id == user)
        .order_by(blocks.c.blocked_at.desc(), blocks.c.blocked_id)
        .limit(most)
    )
    return list(connection.execute(query).scalars())


def share_an_item(connection: sa.Connection, one: str, other: str) -> bool:
    """Is there a room about an item between them?"""
    query = sa.select(item_rooms.c.room_id).where(
        sa.or_(
            sa.and_(item_rooms.c.owner_id == one, item_rooms.c.asker_id == other),
            sa.and_(item_rooms.c.owner_id == other, item_rooms.c.asker_id == one),
        )
    )
    return connection.execute(query.limit(1)).first() is not None


def put_block(tx: Transaction, user: str, other: str) -> None:
    row = {"user_id": user, "blocked_id": other, "blocked_at": tx.now}
    tx.run(insert_or_ignore(tx.connection.dialect, blocks), row)


def drop_block(tx: Transaction, user: str, other: str) -> None:
    tx.run(sa.delete(blocks).where(blocks.c.user_id == user, blocks.c.blocked_id == other))


def reported_since(connection: sa.Connection, user: str, since: int) -> int:
    query = (
        sa.select(sa.func.count())
        .select_from(reports)
        .where(reports.c.reporter_id == user, reports.c.reported_at >= since)
    )
    return connection.execute(query).scalar_one()


def insert_report(tx: Transaction, values: dict[str, Any]) -> None:
    tx.run(sa.insert(reports), values)


def load_reports(connection: sa.Connection, before: str, most: int) -> list[Row]:
    """The newest first: ids rise with time, and no two are the same."""
    query = sa.select(reports).order_by(reports.c.report_id.desc()).limit(most)
    if before:
        query = query.where(reports.c.report_id < before)
    return list(connection.execute(query).all())


def take_warning(tx: Transaction, room_id: str) -> bool:
    """Is the host's warning due in this room? At most once."""
    due = sa.update(item_rooms).where(item_rooms.c.room_id == room_id, item_rooms.c.warned == 0)
    return tx.run(due.values(warned=1)) > 0
