"""The SQL of who has to do with whom."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from sendjay.storage.tables import members

_other = members.alias("other")


def met_among(connection: sa.Connection, user: str, people: Collection[str]) -> set[str]:
    """Those of these people who are in a room that this one is in."""
    return set(connection.execute(_met(user).where(_other.c.user_id.in_(people))).scalars())


def once_met_among(connection: sa.Connection, user: str, people: Collection[str]) -> set[str]:
    """Those who are, or were before they left: what they said still stands there."""
    return set(connection.execute(_once_met(user).where(_other.c.user_id.in_(people))).scalars())


def met_by(connection: sa.Connection, user: str, most: int) -> list[str]:
    """Everybody who is in a room that this one is in."""
    query = _met(user).where(_other.c.user_id != user).order_by(_other.c.user_id).limit(most)
    return list(connection.execute(query).scalars())


def _met(user: str) -> sa.Select[Any]:
    return _once_met(user).where(_other.c.is_member == 1)


def _once_met(user: str) -> sa.Select[Any]:
    together = members.join(_other, _other.c.room_id == members.c.room_id)
    is_mine = sa.and_(members.c.user_id == user, members.c.is_member == 1)
    return sa.select(_other.c.user_id).select_from(together).where(is_mine).distinct()
