"""While the bus is down, who has a place here learns from the database that it was taken at another node."""

from __future__ import annotations

import asyncio
import contextlib

import structlog

from sendjay.accounts.service import newest_generations
from sendjay.realtime.bus.bus import Bus
from sendjay.realtime.places import Places
from sendjay.storage.database import Database

log = structlog.get_logger(__name__)

LOOK_SECONDS = 2.0
AT_ONCE = 1_000


class Overtaken:
    """`start` once the bus is."""

    def __init__(self, database: Database, places: Places, bus: Bus) -> None:
        self._database = database
        self._places = places
        self._bus = bus
        self._has_been_down = asyncio.Event()
        self._looking: asyncio.Task[None] | None = None
        bus.when_changed(lambda _is_up: self._has_been_down.set())

    def start(self) -> None:
        if not self._bus.is_up:
            self._has_been_down.set()
        self._looking = asyncio.create_task(self._run(), name="overtaken")

    async def stop(self) -> None:
        if self._looking is not None:
            self._looking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._looking

    async def _run(self) -> None:
        while True:
            await self._has_been_down.wait()
            if self._bus.is_up:
                # Once more after it is back.
                self._has_been_down.clear()
            try:
                await self._look()
            except Exception as error:
                log.warning("overtaken.failed", error=type(error).__name__)
            await asyncio.sleep(LOOK_SECONDS)

    async def _look(self) -> None:
        people = sorted({user for (user, _), slot in self._places.slots() if slot.holder is not None})
        for begin in range(0, len(people), AT_ONCE):
            some = people[begin : begin + AT_ONCE]
            newest = await self._database.read(
                lambda connection, some=some: newest_generations(connection, some)
            )
            for key, generation in newest.items():
                self._places.overtaken(key, generation)
