"""What a node that was killed had begun to tell the rooms of an item is told to the end."""

from __future__ import annotations

from functools import partial

import sqlalchemy as sa

from sendjay.items import store
from sendjay.items.spreading import spread
from sendjay.upkeep.service import COUNTED_MOST, Chore, Turn

LATE_MS = 60_000
ITEMS_AT_ONCE = 100


def chores() -> list[Chore]:
    return [Chore("items", "items whose rooms show an older state", 60.0, _count, _spread_all)]


def _count(connection: sa.Connection, now: int) -> int:
    return len(store.items_to_spread(connection, now - LATE_MS, COUNTED_MOST))


async def _spread_all(turn: Turn) -> None:
    while keys := await turn.read(
        partial(store.items_to_spread, before=turn.now - LATE_MS, most=ITEMS_AT_ONCE)
    ):
        for key in keys:
            await spread(turn.read, turn.write, key)
            turn.rows += 1
