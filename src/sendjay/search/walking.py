"""Through a room from its newest message to its oldest, stopping where something is found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa

from sendjay.messages.service import Viewer
from sendjay.protocol.objects import Message
from sendjay.rooms.service import with_extra
from sendjay.search import store
from sendjay.search.model import BLOCK, Query, block_of
from sendjay.search.store import BlockRow
from sendjay.search.words import fold, matches

BLOCKS_AT_ONCE = 128
STEP_COST = 16
"""A statement, in rows."""


class Step(NamedTuple):
    """A stretch of the room that was looked through."""

    hits: list[Message]
    """Newest first."""
    seq: int
    """Down to here, this row included."""
    at: int
    """Whatever is found after this was sent then at the latest."""
    cost: int
    """Rows that were read."""


@dataclass(frozen=True)
class Place:
    """A room, as far as somebody may look into it."""

    room_id: str
    top: int
    """The newest seq that is looked at."""
    floor: int
    viewer: Viewer


def walk(connection: sa.Connection, place: Place, query: Query) -> Iterator[Step]:
    """Steps of bounded size down to the floor."""
    return _Walk(connection, place, query).steps()


class _Walk:
    def __init__(self, connection: sa.Connection, place: Place, query: Query) -> None:
        self._connection = connection
        self._place = place
        self._query = query
        self._at = query.until

    def steps(self) -> Iterator[Step]:
        place = self._place
        first_block = block_of(place.floor + 1)
        blocks = self._blocks(block_of(place.top) + 1, first_block)
        below = blocks[0].block + 1 if blocks else first_block
        yield from self._rows(below * BLOCK + 1, place.top)
        while blocks:
            for block in blocks:
                # Between them, what is not sealed is looked through row by row.
                yield from self._rows((block.block + 1) * BLOCK + 1, below * BLOCK)
                below = block.block
                self._at = min(self._at, block.last_at)
                if block.last_at < self._query.since:
                    return
                if self._may_have(block):
                    yield from self._rows(below * BLOCK + 1, (below + 1) * BLOCK)
                self._at = min(self._at, block.first_at)
            if len(blocks) < BLOCKS_AT_ONCE:
                break
            yield Step([], below * BLOCK + 1, self._at, len(blocks))
            blocks = self._blocks(below, first_block)
        yield from self._rows(first_block * BLOCK + 1, below * BLOCK)

    def _blocks(self, below: int, first: int) -> list[BlockRow]:
        return store.blocks_below(self._connection, self._place.room_id, below, first, BLOCKS_AT_ONCE)

    def _may_have(self, block: BlockRow) -> bool:
        if block.first_at >= self._query.until:
            return False
        return any(sought.may_be_in(block.signature) for sought in self._query.sought)

    def _rows(self, first: int, last: int) -> Iterator[Step]:
        """From the last to the first, as many at a time as a block has."""
        place = self._place
        first, last = max(first, place.floor + 1), min(last, place.top)
        while last >= first:
            from_seq = max(first, last - BLOCK + 1)
            rows = store.rows_between(
                self._connection, place.room_id, from_seq, last, self._query.raw, self._query.until
            )
            hits = [message for row in rows if (message := _fitting(row, self._query)) is not None]
            seen = place.viewer.sees(self._connection, place.room_id, hits)
            if rows:
                self._at = min(self._at, rows[-1].sent_at)
            yield Step([each for each in seen if not each.gone], from_seq, self._at, STEP_COST + len(rows))
            last = from_seq - 1


def _fitting(row: Any, query: Query) -> Message | None:
    # Most rows say something else: nothing is made of them.
    if row.extra is None and query.terms and not matches(query.terms, fold(row.body)):
        return None
    message = Message(
        row.seq, row.version, row.sender_id, row.sent_at, body=row.body, client_id=row.client_id
    )
    if row.extra is not None:
        message = with_extra(message, row.extra)
    return message if query.fits(message) else None
