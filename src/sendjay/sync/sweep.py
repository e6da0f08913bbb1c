"""Asks the database every few seconds what has moved, so that what the bus loses is late and never lost.

Times are the database's. Each sweep overlaps the one before by more than a transaction lasts: what was begun
earlier and committed since is found too. What it finds is compared by version with what has been told.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import NamedTuple

import sqlalchemy as sa
import structlog

from sendjay.accounts.service import EndedSession, ended_sessions
from sendjay.realtime.bus.bus import Bus
from sendjay.realtime.deliveries import SessionEnded
from sendjay.realtime.hub import Hub
from sendjay.realtime.nodes.measures import SWEEPS
from sendjay.realtime.nodes.relay import Relay
from sendjay.rooms.service import PersonalRow, RoomsReader, StandRow, TouchedRow
from sendjay.storage.database import Database

log = structlog.get_logger(__name__)

SWEEP_SECONDS = 2.0
OVERLAP_MS = 60_000
"""A node may freeze within a transaction, which the database ends after half a minute."""
MEMBERS_AGAIN_MS = 10_000
"""Who came and who went is looked at for so long: somebody may just be being told what was read before."""
GRACE_SECONDS = 0.3
"""What is on its way by the bus may take so long."""


class Found(NamedTuple):
    """What one sweep has read."""

    since: int
    """What moved before was found by the one before."""
    now: int
    rooms: list[TouchedRow]
    personal: list[PersonalRow]
    sessions: list[EndedSession]


class Sweep:
    """`start` once the bus is; it ends with `stop`."""

    def __init__(
        self, database: Database, reader: RoomsReader, hub: Hub, relay: Relay, bus: Bus, *, shown: bool
    ) -> None:
        """`shown`: are read cursors told to everybody?"""
        self._database = database
        self._reader = reader
        self._hub = hub
        self._relay = relay
        self._shown = shown
        self._since = 0
        self._members_at: dict[str, int] = {}
        """room -> when its members last changed, as far as it has been seen to."""
        self._at_once = asyncio.Event()
        self._sweeping: asyncio.Task[None] | None = None
        bus.when_changed(lambda _is_up: self._at_once.set())

    def start(self) -> None:
        self._sweeping = asyncio.create_task(self._run(), name="sweep")

    async def stop(self) -> None:
        if self._sweeping is not None:
            self._sweeping.cancel()
            await asyncio.wait([self._sweeping])

    async def _run(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(SWEEP_SECONDS):
                    await self._at_once.wait()
            self._at_once.clear()
            try:
                await self._sweep()
                SWEEPS.labels("done").inc()
            except Exception:
                SWEEPS.labels("failed").inc()
                log.exception("sweep.failed")

    async def _sweep(self) -> None:
        found = await self._database.read(self._read)
        for session in found.sessions:
            if self._hub.all_connections(session.user_id):
                ended = SessionEnded((session.session_id,), session.user_id, session.reason)
                self._hub.deliver_one(ended)
        for row in found.rooms:
            self._relay.order.expect(row.room_id, row.version)
        self._see_to_people(found.personal)
        await self._see_to_members(found)
        # Last: what was found and not seen to, since the database went away in between, is found again.
        self._since = found.now - OVERLAP_MS
        await self._see_to_cursors()

    def _read(self, connection: sa.Connection) -> Found:
        now = self._database.clock(connection)
        since = self._since or now - OVERLAP_MS
        return Found(
            since,
            now,
            self._reader.touched(connection, since),
            self._reader.personal_moved(connection, since),
            ended_sessions(connection, since),
        )

    def _see_to_people(self, moved: list[PersonalRow]) -> None:
        people = self._relay.people
        late = [row for row in moved if not people.has_been_told(row.user_id, row.version)]
        if late:
            asyncio.get_running_loop().call_later(GRACE_SECONDS, self._tell_to_sync, late)

    def _tell_to_sync(self, late: list[PersonalRow]) -> None:
        for row in late:
            self._relay.tell_to_sync(row.user_id, row.version)

    async def _see_to_members(self, found: Found) -> None:
        changed = {row.room_id: row for row in found.rooms if row.members_at >= found.since}
        again = found.now - MEMBERS_AGAIN_MS
        fresh = [
            row
            for room, row in changed.items()
            if row.members_at > again or row.members_at > self._members_at.get(room, 0)
        ]
        self._members_at = {room: at for room, at in self._members_at.items() if room in changed}
        if not fresh:
            return
        await asyncio.sleep(GRACE_SECONDS)
        for row in fresh:
            people = await self._database.read(
                lambda connection, room=row.room_id: self._reader.shown_to(connection, room)
            )
            self._relay.members_are(row.room_id, row.version, people)
            self._members_at[row.room_id] = row.members_at

    async def _see_to_cursors(self) -> None:
        """Who has a room on screen learns who has read how far, where the bus has not told it."""
        rooms = self._hub.rooms_on_screen()
        if not self._shown or not rooms:
            return
        stands = await self._database.read(lambda connection: self._reader.stands(connection, rooms))
        if not self._late(stands):
            return
        await asyncio.sleep(GRACE_SECONDS)
        late = self._late(stands)
        found = await self._database.read(lambda connection: self._reader.moved_cursors(connection, late))
        now = {row.room_id: row.read_version for row in stands}
        for (room, since), cursors in zip(late, found, strict=True):
            self._hub.tell_cursors(room, [(since, now[room])], cursors)

    def _late(self, stands: list[StandRow]) -> list[tuple[str, int]]:
        """Rooms in which cursors have moved above what has been told, and that version."""
        reach = self._hub.cursor_reach
        return [
            (row.room_id, told)
            for row in stands
            if (told := reach.told(row.room_id)) is not None and told < row.read_version
        ]
