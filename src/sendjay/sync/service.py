"""Resume: from what a client holds to what it must learn, read in one snapshot.

It needs no server memory: room and personal versions say it all. Past a bound a room is `limited`, which
means:
drop what you hold of it and fetch its head.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from sendjay.actor import Actor
from sendjay.drafts.service import changed_drafts
from sendjay.messages.service import Missed, missed_rows
from sendjay.notify.service import changed_settings
from sendjay.protocol.objects import RoomDelta
from sendjay.protocol.replies import SyncAnswer
from sendjay.rooms.service import RoomsReader
from sendjay.settings import Settings
from sendjay.sync.measures import SYNC_OUTCOMES

ROOM_ROWS = 300
SYNC_ROWS = 2_000

Held = Mapping[str, tuple[int, int]]
"""room -> (version, read_version) that the client holds; read_version -1: it keeps no cursors."""


class SyncService:
    """Answers `sync`, within a read that its caller has begun."""

    def __init__(self, reader: RoomsReader, settings: Settings) -> None:
        self._reader = reader
        self._shown = settings.receipts == "all"

    def answer(self, connection: sa.Connection, actor: Actor, held: Held, personal: int) -> SyncAnswer:
        """Everything that moved since; rooms that the client did not name come as limited."""
        reader, user = self._reader, actor.user_id
        now = reader.personal_version(connection, user)
        positions = {row.room_id: row for row in reader.positions(connection, user)}
        moved = [room for room, row in positions.items() if _has_moved(row, held.get(room))]
        views = reader.views(connection, user, moved)
        budget = SYNC_ROWS
        deltas: list[RoomDelta] = []
        for view in views:
            delta = self._delta(connection, view, held.get(view.room_id), budget)
            budget -= len(delta.messages) + len(delta.members) + len(delta.cursors)
            deltas.append(delta)
        told = {view.room_id for view in views}
        mine = [
            reader.mine(row)
            for row in (reader.views_moved_for_me(connection, user, personal) if now > personal else [])
            if row.room_id not in told and row.room_id in held
        ]
        gone = [room for room in held if room not in positions]
        # A version from the future is one that a restored backup does not know.
        since = personal if personal <= now else 0
        drafts = changed_drafts(connection, user, since) if now > since else []
        settings = changed_settings(connection, user, since) if now > since else None
        return SyncAnswer(now, deltas, mine, gone, drafts, settings)

    def _delta(
        self,
        connection: sa.Connection,
        view: Any,
        held: tuple[int, int] | None,
        budget: int,
    ) -> RoomDelta:
        room, mine = self._reader.head(view), self._reader.mine(view)
        if held is None or held[0] > view.version:
            # A version from the future is one that a restored backup does not know.
            SYNC_OUTCOMES.labels("new" if held is None else "limited").inc()
            return RoomDelta(room, mine, limited=True)
        version, read_version = held
        most = min(ROOM_ROWS, budget)
        changed = self._reader.changed_messages(connection, view, version, most + 1)
        missed = Missed(view.room_id, view.floor, version, view.version, changed)
        messages = missed_rows(connection, missed, most)
        if messages is None:
            SYNC_OUTCOMES.labels("limited").inc()
            return RoomDelta(room, mine, limited=True)
        rows = []
        if view.members_version > version:
            rows = self._reader.members_above(connection, view.room_id, version)
        cursors: dict[str, int] = {}
        if self._shown and 0 <= read_version < view.read_version:
            cursors = self._reader.moved_cursors(connection, view.room_id, read_version)
        if len(rows) + len(messages) + len(cursors) > most:
            SYNC_OUTCOMES.labels("limited").inc()
            return RoomDelta(room, mine, limited=True)
        SYNC_OUTCOMES.labels("exact").inc()
        changed_members = [self._reader.member(row, with_cursor=self._shown) for row in rows]
        return RoomDelta(room, mine, messages=messages, members=changed_members, cursors=cursors)


def _has_moved(row: Any, held: tuple[int, int] | None) -> bool:
    if held is None:
        return True
    version, read_version = held
    return row.version != version or (0 <= read_version != row.read_version)
