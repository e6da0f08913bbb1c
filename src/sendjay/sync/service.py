"""Resume: from what a client holds to what it must learn, read in one snapshot.

It needs no server memory: room and personal versions say it all. Past a bound a room is `limited`, which
means: drop what you hold of it and fetch its head.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import compress
from typing import Any, NamedTuple

import sqlalchemy as sa

from sendjay.actor import Actor
from sendjay.drafts.service import changed_drafts
from sendjay.messages.service import Missed, Viewer, deleted_since, missed_rows
from sendjay.notify.service import changed_settings
from sendjay.protocol.objects import Message, RoomDelta
from sendjay.protocol.replies import SyncAnswer
from sendjay.rooms.service import PositionRow, RoomsReader, Standing, ViewRow
from sendjay.settings import Settings
from sendjay.sync.measures import SYNC_OUTCOMES

ROOM_ROWS = 300
SYNC_ROWS = 2_000
READ_ROWS = 2 * SYNC_ROWS
"""No more than so many can be read for one answer; rooms beyond come as limited."""

Held = Mapping[str, tuple[int, int]]
"""room -> (version, read_version) that the client holds; read_version -1: it keeps no cursors."""
_Known = tuple[str, ViewRow, tuple[int, int]]
"""Somebody, a room, and what they hold of it."""


class Asked(NamedTuple):
    """Somebody who asks what they have missed, and where things stand for them."""

    user: str
    held: Held
    personal: int
    stands: Standing


class _Moved(NamedTuple):
    """A room that moved, as somebody sees it; what they missed there, and whose cursors moved."""

    view: ViewRow
    messages: list[Message] | None = None
    """None where they are too many, or where it is not known from when on."""
    cursors: dict[str, int] = {}


class SyncService:
    """Answers `sync`, within a read that its caller has begun."""

    def __init__(self, reader: RoomsReader, settings: Settings) -> None:
        self._reader = reader
        self._shown = settings.receipts == "all"

    def answer(
        self, connection: sa.Connection, actor: Actor, held: Held, personal: int
    ) -> tuple[SyncAnswer, Standing]:
        """Everything that moved since, and what it was read at; rooms that the client did not name come as
        limited.
        """
        user = actor.user_id
        stands = self._reader.standing(connection, user)
        return self.answer_many(connection, [Asked(user, held, personal, stands)])[0], stands

    def answer_many(self, connection: sa.Connection, asked: Sequence[Asked]) -> list[SyncAnswer]:
        """The same for each of them, in no more statements than for one."""
        moved = self._moved(connection, asked)
        return [self._answer(connection, each, found) for each, found in zip(asked, moved, strict=True)]

    def _answer(self, connection: sa.Connection, asked: Asked, moved: Sequence[_Moved]) -> SyncAnswer:
        reader, user, held, personal = self._reader, asked.user, asked.held, asked.personal
        now = asked.stands.personal
        deltas = self._deltas(connection, moved, held)
        told = {delta.room.id for delta in deltas}
        moved_for_me = reader.views_moved_for_me(connection, user, personal) if now > personal else []
        mine = [reader.mine(row) for row in moved_for_me if row.room_id not in told and row.room_id in held]
        present = {row.room_id for row in asked.stands.positions}
        gone = [room for room in held if room not in present]
        # A version from the future is one that a restored backup does not know.
        since = personal if personal <= now else 0
        drafts = changed_drafts(connection, user, since) if now > since else []
        settings = changed_settings(connection, user, since) if now > since else None
        has_deleted = any(row.has_deleted for row in moved_for_me)
        deleted = deleted_since(connection, user, since) if has_deleted else {}
        return SyncAnswer(now, deltas, mine, gone, drafts, settings, deleted)

    def _deltas(self, connection: sa.Connection, moved: Sequence[_Moved], held: Held) -> list[RoomDelta]:
        budget = SYNC_ROWS
        deltas: list[RoomDelta] = []
        for each in moved:
            delta = self._delta(
                connection, each.view, held, each.messages, each.cursors, min(ROOM_ROWS, budget)
            )
            budget -= len(delta.messages) + len(delta.members) + len(delta.cursors)
            deltas.append(delta)
        return deltas

    # What moved, read for all of them together

    def _moved(self, connection: sa.Connection, asked: Sequence[Asked]) -> list[list[_Moved]]:
        wanted = [
            (number, row.room_id)
            for number, each in enumerate(asked)
            for row in each.stands.positions
            if _has_moved(row, each.held.get(row.room_id))
        ]
        found = self._reader.views_of_many(
            connection, [(asked[number].user, room) for number, room in wanted]
        )
        views: list[list[ViewRow]] = [[] for _ in asked]
        for (number, _), rows in zip(wanted, found, strict=True):
            views[number] += rows
        worth = [_worth_reading(seen, each.held) for each, seen in zip(asked, views, strict=True)]
        known = [
            (each.user, view, each.held[view.room_id])
            for each, seen, flags in zip(asked, views, worth, strict=True)
            for view in compress(seen, flags)
        ]
        messages, cursors = iter(self._missed(connection, known)), iter(self._cursors(connection, known))
        return [
            [
                _Moved(view, next(messages), next(cursors)) if flag else _Moved(view)
                for view, flag in zip(seen, flags, strict=True)
            ]
            for seen, flags in zip(views, worth, strict=True)
        ]

    def _missed(self, connection: sa.Connection, known: Sequence[_Known]) -> list[list[Message] | None]:
        missed: list[Missed] = []
        for user, view, (version, _) in known:
            changed = self._reader.changed_messages(connection, view, version, ROOM_ROWS + 1)
            viewer = Viewer(user, bool(view.has_deleted))
            missed.append(Missed(view.room_id, view.floor, version, view.version, view.seq, changed, viewer))
        return missed_rows(connection, missed, ROOM_ROWS)

    def _cursors(self, connection: sa.Connection, known: Sequence[_Known]) -> list[dict[str, int]]:
        moved = [self._shown and 0 <= held < view.read_version for _, view, (_, held) in known]
        wanted = [(view.room_id, held) for (_, view, (_, held)), has in zip(known, moved, strict=True) if has]
        found = iter(self._reader.moved_cursors(connection, wanted))
        return [next(found) if has else {} for has in moved]

    def _delta(
        self,
        connection: sa.Connection,
        view: ViewRow,
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


def _worth_reading(views: Sequence[ViewRow], held: Held) -> list[bool]:
    """Those that the client holds at a version of ours, as long as what they can have missed is bounded."""
    worth: list[bool] = []
    rest = READ_ROWS
    for view in views:
        version = held.get(view.room_id, (view.version + 1, 0))[0]
        # A version from the future is one that a restored backup does not know.
        is_worth = version <= view.version and rest > 0
        if is_worth:
            rest -= min(view.version - version, ROOM_ROWS)
        worth.append(is_worth)
    return worth


def _has_moved(row: PositionRow, held: tuple[int, int] | None) -> bool:
    if held is None:
        return True
    version, read_version = held
    return row.version != version or (0 <= read_version != row.read_version)
