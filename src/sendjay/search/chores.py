"""Sealing what no node has sealed: messages older than search itself, and blocks that were passed over."""

from __future__ import annotations

from functools import partial

import sqlalchemy as sa

from sendjay.search import store
from sendjay.search.model import BLOCK
from sendjay.search.sealing import keep, make
from sendjay.upkeep.service import HOUR, Chore, Turn

ROOMS_AT_ONCE = 200


def chores() -> list[Chore]:
    return [Chore("search", "rooms whose older messages are found slowly", HOUR, _count, _seal_all)]


def _count(connection: sa.Connection, _now: int) -> int:
    return len(store.rooms_to_seal(connection, "", BLOCK, ROOMS_AT_ONCE))


async def _seal_all(turn: Turn) -> None:
    after = ""
    while found := await turn.read(partial(store.rooms_to_seal, after=after, size=BLOCK, most=ROOMS_AT_ONCE)):
        for room in found:
            sealed = await turn.read(partial(store.sealed_among, room_id=room.room_id))
            first = -(-room.retained_seq // BLOCK)
            for block in range(first, room.seq // BLOCK):
                if block not in sealed:
                    made = await turn.read(partial(make, room_id=room.room_id, block=block))
                    await turn.write(partial(keep, room_id=room.room_id, made=made), rooms=(room.room_id,))
                    turn.rows += 1
        after = found[-1].room_id
