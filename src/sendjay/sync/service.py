"""Resume: from what a client holds to what it must learn, read in one snapshot.

It needs no server memory: room and personal versions say it all. Past a bound a room is `limited`, which
means: drop what you hold of it and fetch its head.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from sendjay.actor import Actor
from sendjay.drafts.service import changed_drafts
from sendjay.messages.service import Missed, missed_rows
from sendjay.notify.service import changed_settings
from sendjay.protocol.objects import Message, RoomDelta
from sendjay.protocol.replies import SyncAnswer
from sendjay.rooms.service import RoomsReader, Standing
from sendjay.settings import Settings
from sendjay.sync.measures import SYNC_OUTCOMES

ROOM_ROWS = 300
SYNC_ROWS = 2_000
READ_ROWS = 2 * SYNC_ROWS
"""No more than so many can be read for one answer; rooms beyond come as limited."""

Held = Mapping[str, tuple[int, int]]
"""room -> (version, read_version) that the client holds; read_version -1: it keeps no cursors."""


class SyncService:
    """Answers `sync`, within a read that its caller has begun."""

    def __init__(self, reader: RoomsReader, settings: Settings) -> None:
        self._reader = reader
        self._shown = settings.receipts == "all"

    def standing_columns(self, dialect: sa.Dialect) -> Sequence[sa.ColumnElement[Any]]:
        """For a query that reads where things stand along with something else: `answer` takes the values."""
        return self._reader.standing_columns(dialect)

    def standing_of(self, values: Sequence[Any]) -> Standing:
        """Those values, read: where a person's own stream and the rooms in their list stand."""
        return self._reader.standing_of(values)

    def answer(
        self,
        connection: sa.Connection,
        actor: Actor,
        held: Held,
        personal: int,
        standing: Sequence[Any] | None = None,
    ) -> SyncAnswer:
        """Everything that moved since; rooms that the client did not name come as limited.

        `standing`: the values of `standing_columns`, where they are known.
        """
        reader, user = self._reader, actor.user_id
        stands = reader.standing_of(standing) if standing else reader.standing(connection, user)
        now = stands.personal
        positions = {row.room_id: row for row in stands.positions}
        moved = [room for room, row in positions.items() if _has_moved(row, held.get(room))]
        deltas = self._deltas(connection, reader.views(connection, user, moved), held)
        told = {delta.room.id for delta in deltas}
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

    def _deltas(self, connection: sa.Connection, views: Sequence[Any], held: Held) -> list[RoomDelta]:
        known = _worth_reading(views, held)
        rows = self._missed(connection, known, held)
        cursors = self._cursors(connection, known, held)
        budget = SYNC_ROWS
        deltas: list[RoomDelta] = []
        for view in views:
            room, most = view.room_id, min(ROOM_ROWS, budget)
            delta = self._delta(connection, view, held, rows.get(room), cursors.get(room, {}), most)
            budget -= len(delta.messages) + len(delta.members) + len(delta.cursors)
            deltas.append(delta)
        return deltas

    def _missed(
        self, connection: sa.Connection, views: Sequence[Any], held: Held
    ) -> dict[str, list[Message] | None]:
        missed: list[Missed] = []
        for view in views:
            version = held[view.room_id][0]
            changed = self._reader.changed_messages(connection, view, version, ROOM_ROWS + 1)
            missed.append(Missed(view.room_id, view.floor, version, view.version, view.seq, changed))
        found = missed_rows(connection, missed, ROOM_ROWS)
        return {each.room_id: rows for each, rows in zip(missed, found, strict=True)}

    def _cursors(
        self, connection: sa.Connection, views: Sequence[Any], held: Held
    ) -> dict[str, dict[str, int]]:
        if not self._shown:
            return {}
        versions = [(view.room_id, held[view.room_id][1], view.read_version) for view in views]
        moved = [(room, version) for room, version, now in versions if 0 <= version < now]
        return self._reader.moved_cursors(connection, moved)

    def _delta(
        self,
        connection: sa.Connection,
        view: Any,
        held: Held,
        messages: list[Message] | None,
        cursors: dict[str, int],
        most: int,
    ) -> RoomDelta:
        """`messages`: all that came or changed; None where they are too many, or not known from when on."""
        room, mine = self._reader.head(view), self._reader.mine(view)
        limited = RoomDelta(room, mine, limited=True)
        if messages is None:
            SYNC_OUTCOMES.labels("limited" if view.room_id in held else "new").inc()
            return limited
        version, _ = held[view.room_id]
        rows: Sequence[Any] = ()
        if view.members_version > version:
            rows = self._reader.members_above(connection, view.room_id, version)
        if len(rows) + len(messages) + len(cursors) > most:
            SYNC_OUTCOMES.labels("limited").inc()
            return limited
        SYNC_OUTCOMES.labels("exact").inc()
        members = [self._reader.member(row, with_cursor=self._shown) for row in rows]
        return RoomDelta(room, mine, messages=messages, members=members, cursors=cursors)


def _worth_reading(views: Sequence[Any], held: Held) -> list[Any]:
    """Those that the client holds at a version of ours, as long as what they can have missed is bounded."""
    worth: list[Any] = []
    rest = READ_ROWS
    for view in views:
        version = held.get(view.room_id, (view.version + 1, 0))[0]
        # A version from the future is one that a restored backup does not know.
        if version <= view.version and rest > 0:
            rest -= min(view.version - version, ROOM_ROWS)
            worth.append(view)
    return worth


def _has_moved(row: Any, held: tuple[int, int] | None) -> bool:
    if held is None:
        return True
    version, read_version = held
    return row.version != version or (0 <= read_version != row.read_version)
