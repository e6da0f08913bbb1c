"""What the bus has not brought, read once for all who are here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from sendjay.messages.service import Missed, missed_rows
from sendjay.protocol.events import MessageNew
from sendjay.protocol.objects import Message
from sendjay.realtime.hub import frame_event
from sendjay.realtime.nodes.order import Missing
from sendjay.rooms.service import RoomsReader, StandRow
from sendjay.storage.database import Database

ROWS_MOST = 300
"""More in one room is not told event by event: its people sync."""


class Repairs:
    """Reads for the relay of a node among several."""

    def __init__(self, database: Database, reader: RoomsReader) -> None:
        self._database = database
        self._reader = reader

    async def versions_of(self, rooms: Sequence[str]) -> Mapping[str, int]:
        """Where these rooms stand now."""
        stands = await self._database.read(lambda connection: self._reader.stands(connection, rooms))
        return {row.room_id: row.version for row in stands}

    async def missing(self, held: Mapping[str, int]) -> Mapping[str, Missing]:
        """What lies above the version that each of these rooms is held at."""
        return await self._database.read(lambda connection: self._missing(connection, held))

    def _missing(self, connection: sa.Connection, held: Mapping[str, int]) -> dict[str, Missing]:
        stands = self._reader.stands(connection, list(held))
        asked = [
            Missed(row.room_id, 0, held[row.room_id], row.version, row.seq, [])
            for row in stands
            if _may_be_told(row, held[row.room_id])
        ]
        rows = dict(
            zip((each.room_id for each in asked), missed_rows(connection, asked, ROWS_MOST), strict=True)
        )
        return {
            row.room_id: Missing(
                held[row.room_id],
                row.version,
                row.members_version,
                _frames(row, held[row.room_id], rows.get(row.room_id)),
            )
            for row in stands
        }


def _may_be_told(row: StandRow, held: int) -> bool:
    """Only messages have come since: neither members nor what stood already have changed."""
    return held < row.version <= held + ROWS_MOST and max(row.members_version, row.changes_version) <= held


def _frames(row: StandRow, held: int, messages: Sequence[Message] | None) -> tuple[bytes, ...] | None:
    """One event for each version in between; None where rows alone do not say it."""
    if messages is None:
        return None
    # Read in a statement of its own, so that there may be later ones already.
    told = [each for each in messages if each.version <= row.version]
    is_whole = [each.version for each in told] == list(range(held + 1, row.version + 1))
    if not is_whole or any(each.kind != "text" for each in told):
        return None
    return tuple(frame_event(MessageNew(row.room_id, each.version, each)) for each in told)
