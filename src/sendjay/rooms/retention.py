"""Retention: messages are shown for so many days, by the kind of room; older ones lie below every floor."""

from __future__ import annotations

from functools import partial

import sqlalchemy as sa

from sendjay.realtime.deliveries import ToRoom
from sendjay.rooms import retention_store, store
from sendjay.rooms.views import room_changed
from sendjay.settings import Settings
from sendjay.storage.transaction import Transaction
from sendjay.upkeep.service import COUNTED_MOST, DAY, DAY_MS, Chore, Turn

ROOMS_AT_ONCE = 200


def chores(settings: Settings) -> list[Chore]:
    """None where everything is kept for ever."""
    kept = kept_days(settings)
    if not kept:
        return []

    def count(connection: sa.Connection, now: int) -> int:
        return retention_store.count_due(connection, _moments(kept, now), COUNTED_MOST)

    async def work(turn: Turn) -> None:
        await _hide_what_is_old(turn, _moments(kept, turn.now))

    return [Chore("retention", "rooms with messages that are too old to be shown", DAY, count, work)]


def kept_days(settings: Settings) -> dict[str, int]:
    """Kind of room -> days; kinds whose messages are kept for ever are left out."""
    days = {
        "self": settings.retention_days_self,
        "direct": settings.retention_days_direct,
        "group": settings.retention_days_group,
        "item": settings.retention_days_item,
    }
    return {kind: count for kind, count in days.items() if count}


def raise_floor(tx: Transaction, room_id: str, seq: int) -> bool:
    """Nobody sees what lies at or below `seq` any more; whether that is new."""
    room = store.load_room(tx.connection, room_id)
    if room is None or seq <= room.retained_seq:
        return False
    # Not touched: a room does not come to the top of anybody's list by it.
    store.update_room(tx, room_id, {"version": room.version + 1, "retained_seq": seq})
    room = store.load_room(tx.connection, room_id)
    assert room is not None
    tx.publish(ToRoom(room_id, room_changed(room, [], [], floor=seq), room.members_version))
    return True


def _moments(kept: dict[str, int], now: int) -> dict[str, int]:
    """By whole days, so that a room changes once a day at most."""
    return {kind: (now // DAY_MS - days) * DAY_MS for kind, days in kept.items()}


async def _hide_what_is_old(turn: Turn, moments: dict[str, int]) -> None:
    latest, after = max(moments.values()), ""
    while True:
        found = await turn.read(
            partial(retention_store.page, after=after, created_before=latest, most=ROOMS_AT_ONCE)
        )
        for room in found:
            moment = moments.get(room.kind, 0)
            if room.first_at is None or room.first_at >= moment:
                continue
            seq = await turn.read(
                partial(
                    retention_store.last_before,
                    room_id=room.room_id,
                    above=room.retained_seq,
                    to=room.seq,
                    moment=moment,
                )
            )
            raised = await turn.write(
                partial(raise_floor, room_id=room.room_id, seq=seq), rooms=(room.room_id,)
            )
            turn.rows += raised
        if len(found) < ROOMS_AT_ONCE:
            return
        after = found[-1].room_id
        await turn.keep()
