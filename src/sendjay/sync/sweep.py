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
from sendjay.rooms.service import PersonalRow, RoomsReader, TouchedRow
from sendjay.storage.database import Database

log = structlog.get_logger(__name__)

SWEEP_SECONDS = 2.0
OVERLAP_MS = 20_000
GRACE_SECONDS = 0.3
"""What is on its way by the bus may take so long."""


class Found(NamedTuple):
    """What one sweep has read."""

    now: int
    rooms: list[TouchedRow]
    personal: list[PersonalRow]
    sessions: list[EndedSession]


class Sweep:
    """`start` once the bus is; it ends with `stop`."""

    def __init__(self, database: Database, reader: RoomsReader, hub: Hub, relay: Relay, bus: Bus) -> None:
        self._database = database
        self._reader = reader
        self._hub = hub
        self._relay = relay
        self._bus = bus
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
        self._since = found.now - OVERLAP_MS
        for session in found.sessions:
            if self._hub.all_connections(session.user_id):
                ended = SessionEnded((session.session_id,), session.user_id, session.reason)
                self._hub.deliver_one(ended)
        for row in found.rooms:
            self._relay.order.expect(row.room_id, row.version)
        await self._see_to_members(found)
        self._see_to_people(found.personal)

    def _read(self, connection: sa.Connection) -> Found:
        now = self._database.clock(connection)
        since = self._since or now - OVERLAP_MS
        return Found(
            now,
            self._reader.touched(connection, since),
            self._reader.personal_moved(connection, since),
            ended_sessions(connection, since),
        )

    def _see_to_people(self, moved: list[PersonalRow]) -> None:
        late = [row for row in moved if not self._relay.personal_stands(row.user_id, row.version)]
        if late:
            asyncio.get_running_loop().call_later(GRACE_SECONDS, self._tell_to_sync, late)

    def _tell_to_sync(self, late: list[PersonalRow]) -> None:
        for row in late:
            self._relay.tell_to_sync(row.user_id, row.version)

    async def _see_to_members(self, found: Found) -> None:
        since = self._since
        changed = {row.room_id: row for row in found.rooms if row.members_at >= since}
        fresh = [row for room, row in changed.items() if self._members_at.get(room, 0) < row.members_at]
        self._members_at = {room: row.members_at for room, row in changed.items()}
        if not fresh:
            return
        await asyncio.sleep(GRACE_SECONDS)
        for row in fresh:
            people = await self._database.read(
                lambda connection, room=row.room_id: self._reader.shown_to(connection, room)
            )
            self._relay.members_are(row.room_id, row.version, people)
