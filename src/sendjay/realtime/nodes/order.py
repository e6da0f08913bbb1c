"""Each room's events in the order of its versions, whichever node they come from.

What comes early waits a moment for what belongs before it; then the hole is read from the database, once for
all who are here. What is old is dropped. Only rooms that somebody here is in are kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import structlog
from msgspec import Struct

from sendjay.realtime.frames import without_first
from sendjay.realtime.nodes.measures import EARLY, HOLES, OLD
from sendjay.realtime.nodes.news import Block

log = structlog.get_logger(__name__)

PATIENCE_SECONDS = 0.05
RETRY_SECONDS = 0.5
EARLY_MOST = 256
"""Blocks of one room that may wait; what comes beyond is read with the hole."""
ROOMS_AT_ONCE = 200


class Missing(Struct, frozen=True, gc=False):
    """What the database says of a room above a version."""

    since: int
    now: int
    members_version: int
    frames: tuple[bytes, ...] | None
    """One for each version; None where the rows alone do not say it exactly."""


Load = Callable[[Mapping[str, int]], Awaitable[Mapping[str, Missing]]]
"""room -> version held, to what is missing; rooms that are no more are left out."""


class RoomOrder:
    """`tell` gets each event exactly once and in order; `tell_behind` the rooms where only a sync helps."""

    def __init__(
        self, tell: Callable[[Block], None], tell_behind: Callable[[str, int], None], load: Load
    ) -> None:
        self._tell = tell
        self._tell_behind = tell_behind
        self._load = load
        self._told: dict[str, int] = {}
        self._early: dict[str, list[Block]] = {}
        self._holes: dict[str, int] = {}
        """room -> the version above which it must be read."""
        self._again: set[str] = set()
        """Rooms of which somebody here holds less than others have been told."""
        self._filling: asyncio.Task[None] | None = None

    def knows(self, room: str) -> bool:
        return room in self._told

    def told(self, room: str) -> int:
        """The version up to which all has been told; 0 where nobody here is in the room."""
        return self._told.get(room, 0)

    def rooms(self) -> int:
        return len(self._told)

    def begin(self, room: str, version: int) -> None:
        """Somebody here is in this room now and holds it at `version`."""
        self._told.setdefault(room, version)

    def forget(self, room: str) -> None:
        self._told.pop(room, None)
        self._early.pop(room, None)
        self._holes.pop(room, None)
        self._again.discard(room)

    def take(self, block: Block) -> None:
        """Something happened, here or elsewhere."""
        told = self._told.get(block.room)
        if told is None:
            return
        if block.first == told + 1:
            self._told[block.room] = block.last
            self._tell(block)
            if block.room in self._early:
                self._go_on(block.room)
        elif block.last <= told:
            OLD.inc()
        elif block.first <= told:
            self.take(_above(block, told))
        else:
            self._wait(block)

    def expect(self, room: str, version: int) -> None:
        """The database has this version: unless it has come in a moment, it is read."""
        if self._told.get(room, version) < version:
            asyncio.get_running_loop().call_later(PATIENCE_SECONDS, self._look_whether, room, version)

    def catch_up(self, room: str, version: int) -> None:
        """The same at once."""
        told = self._told.get(room)
        if told is not None and told < version:
            self._ask_for(room, told)

    def reread(self, room: str, since: int) -> None:
        """Somebody here may hold the room at `since` only, whatever others have been told."""
        if room in self._told:
            self._again.add(room)
            self._ask_for(room, since)

    def _ask_for(self, room: str, since: int) -> None:
        if room in self._told:
            self._holes[room] = min(since, self._holes.get(room, since))
            self._fill()

    async def stop(self) -> None:
        self._told.clear()
        if self._filling is not None:
            self._filling.cancel()
            await asyncio.wait([self._filling])

    # Early ones

    def _wait(self, block: Block) -> None:
        EARLY.inc()
        early = self._early.get(block.room)
        if early is None:
            early = self._early[block.room] = []
            loop = asyncio.get_running_loop()
            loop.call_later(PATIENCE_SECONDS, self._look_whether, block.room, block.first - 1)
        if len(early) < EARLY_MOST:
            early.append(block)

    def _look_whether(self, room: str, version: int) -> None:
        told = self._told.get(room)
        if told is not None and (told < version or room in self._early):
            HOLES.inc()
            self._ask_for(room, told)

    def _go_on(self, room: str) -> None:
        """Something was told: what waited for it may follow."""
        early = sorted(self._early.pop(room), key=lambda block: block.first)
        for position, block in enumerate(early):
            if block.first > self._told[room] + 1:
                self._early[room] = early[position:]
                loop = asyncio.get_running_loop()
                loop.call_later(PATIENCE_SECONDS, self._look_whether, room, block.first - 1)
                return
            self.take(block)

    # Holes

    def _fill(self) -> None:
        if self._filling is None or self._filling.done():
            self._filling = asyncio.get_running_loop().create_task(self._fill_all())

    async def _fill_all(self) -> None:
        while self._holes:
            rooms = dict(list(self._holes.items())[:ROOMS_AT_ONCE])
            for room in rooms:
                del self._holes[room]
            try:
                found = await self._load(rooms)
            except Exception:
                log.exception("order.load_failed", rooms=len(rooms))
                await asyncio.sleep(RETRY_SECONDS)
                for room, since in rooms.items():
                    self._ask_for(room, since)
                continue
            for room, missing in found.items():
                try:
                    self._filled(room, missing)
                except Exception:
                    log.exception("order.telling_failed")

    def _filled(self, room: str, missing: Missing) -> None:
        told = self._told.get(room)
        if told is None:
            return
        # What was missed may have come after all while it was being read.
        since = missing.since if room in self._again else max(told, missing.since)
        self._again.discard(room)
        if missing.now > since:
            self._told[room] = max(told, missing.now)
            if missing.frames is None:
                self._tell_behind(room, missing.members_version)
            else:
                frames = b"".join(missing.frames[since - missing.since :])
                self._tell(Block(room, since + 1, missing.now, missing.members_version, frames))
        if room in self._early:
            self._go_on(room)


def _above(block: Block, version: int) -> Block:
    """The part of it that is above a version."""
    frames = without_first(block.frames, version - block.first + 1)
    return Block(block.room, version + 1, block.last, block.members_version, frames, block.members)
