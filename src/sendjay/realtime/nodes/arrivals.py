"""People who come to this node: their channels are heard before what they were told is relied on.

Somebody's snapshot is older than the moment from which their rooms are heard. So where the rooms stand is
asked once more after that moment, in one query for all who are just coming, and what lies between is told.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

import structlog

from sendjay.realtime.bus.bus import Bus
from sendjay.realtime.nodes.order import RoomOrder

log = structlog.get_logger(__name__)

SETTLE_SECONDS = 1.0
"""A bus that takes longer is as good as down: what is missed comes with the sweep."""
REMEMBERED_SECONDS = 60.0

LoadVersions = Callable[[Sequence[str]], Awaitable[Mapping[str, int]]]


class Arrivals:
    """Rooms that have become of interest, on their way to being heard."""

    def __init__(self, bus: Bus, order: RoomOrder, load_versions: LoadVersions) -> None:
        self._bus = bus
        self._order = order
        self._load_versions = load_versions
        self._coming: dict[str, int] = {}
        self._lower: dict[str, int] = {}
        """Rooms that somebody holds at less than what others here have been told from."""
        self._waiting: list[asyncio.Future[None]] = []
        self._letting_in: asyncio.Task[None] | None = None
        self._begun: dict[str, int] = {}
        self._begun_before: dict[str, int] = {}
        self._turned = 0.0

    async def hears_person(self, person: str) -> None:
        """What is for this person is heard from here on."""
        self._bus.subscribe((f"u:{person}",))
        await self._settled()

    def come(self, held: Mapping[str, int]) -> asyncio.Future[None] | None:
        """Somebody holds these rooms at these versions. Wait for the future before they are told so."""
        fresh = [each for each in held.items() if self._is_fresh(*each)]
        if not fresh:
            return None
        for room, version in fresh:
            if not self._order.knows(room):
                self._order.begin(room, version)
                self._begun[room] = version
            elif version < self._begun_at(room):
                self._lower[room] = min(version, self._lower.get(room, version))
            self._coming[room] = version
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        if self._letting_in is None or self._letting_in.done():
            self._letting_in = asyncio.get_running_loop().create_task(self._let_in())
        return future

    async def stop(self) -> None:
        if self._letting_in is not None:
            self._letting_in.cancel()
            await asyncio.wait([self._letting_in])

    def _is_fresh(self, room: str, version: int) -> bool:
        if not self._order.knows(room) or room in self._coming:
            return True
        # Known by somebody whose snapshot was younger: what came between was told to nobody here.
        return version < self._begun_at(room)

    def _begun_at(self, room: str) -> int:
        """The version from which on people here have been told; 0 where that was long ago."""
        return self._begun.get(room) or self._begun_before.get(room, 0)

    async def _let_in(self) -> None:
        while self._coming:
            coming, self._coming = self._coming, {}
            lower, self._lower = self._lower, {}
            waiting, self._waiting = self._waiting, []
            try:
                self._bus.subscribe([f"r:{room}" for room in coming])
                await self._settled()
                versions = await self._load_versions(list(coming))
                for room in coming:
                    self._order.catch_up(room, versions.get(room, 0))
                for room, since in lower.items():
                    self._order.reread(room, since)
            except Exception:
                # The sweep finds what they have missed.
                log.exception("arrivals.failed", rooms=len(coming))
            finally:
                for future in waiting:
                    if not future.done():
                        future.set_result(None)
            self._forget_old()

    async def _settled(self) -> None:
        try:
            async with asyncio.timeout(SETTLE_SECONDS):
                await self._bus.settled()
        except TimeoutError:
            log.warning("arrivals.bus_is_slow")

    def _forget_old(self) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._turned > REMEMBERED_SECONDS:
            self._turned = now
            self._begun_before, self._begun = self._begun, {}
