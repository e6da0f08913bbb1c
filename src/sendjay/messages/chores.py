"""What of messages has had its time: rows below everybody's floor, and the keys of what is gone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import sqlalchemy as sa

from sendjay.messages import chores_store
from sendjay.storage.tables import requests
from sendjay.storage.transaction import Transaction
from sendjay.upkeep.service import COUNTED_MOST, DAY, DAY_MS, HOUR, ROWS_AT_ONCE, Chore, Turn, count_some

KEY_DAYS = 90
"""A key lives as long as its message, and so long at least."""
KEYS_AT_ONCE = 2_000
ROOMS_AT_ONCE = 200

Forget = Callable[[Transaction, str, int, int], None]
"""Told in the same transaction which rows of a room are about to be deleted: room, first seq, last seq."""


def chores(forget: Sequence[Forget] = ()) -> list[Chore]:
    async def clear(turn: Turn) -> None:
        await _clear_rooms(turn, forget)

    return [
        Chore(
            "messages",
            "messages that nobody may see any more",
            HOUR,
            _count_below,
            clear,
        ),
        Chore("keys", "idempotency keys of what is gone", DAY, _count_keys, _forget_keys),
    ]


async def _clear_rooms(turn: Turn, forget: Sequence[Forget]) -> None:
    after = ""
    while found := await turn.read(partial(chores_store.rooms_to_clear, after=after, most=ROOMS_AT_ONCE)):
        for room in found:
            while count := await turn.write(
                partial(_delete_some, room_id=room.room_id, to=room.retained_seq, forget=forget)
            ):
                turn.rows += count
        after = found[-1].room_id


def _delete_some(tx: Transaction, room_id: str, to: int, forget: Sequence[Forget]) -> int:
    first = chores_store.first_seq(tx.connection, room_id, to)
    if first is None:
        return 0
    last = min(first + ROWS_AT_ONCE - 1, to)
    for each in forget:
        each(tx, room_id, first, last)
    return chores_store.delete_rows(tx, room_id, first, last)


def _count_below(connection: sa.Connection, _now: int) -> int:
    return chores_store.count_below(connection, COUNTED_MOST)


def _count_keys(connection: sa.Connection, now: int) -> int:
    return count_some(
        connection, requests, chores_store.old_keys(now - KEY_DAYS * DAY_MS, "", None), COUNTED_MOST
    )


async def _forget_keys(turn: Turn) -> None:
    """By ranges of keys: there is no order by time that the hot table would have to keep."""
    after: str | None = ""
    made_before = turn.now - KEY_DAYS * DAY_MS
    while after is not None:
        to = await turn.read(partial(chores_store.end_of_page, after=after, size=KEYS_AT_ONCE))
        await turn.delete(requests, chores_store.old_keys(made_before, after, to))
        after = to
