"""A commit whose answer was lost may be on disk and told to nobody: whoever is here is asked to sync.

For a node that is alone. Where there may be others, the sweep finds what was told to nobody.
"""

from __future__ import annotations

import asyncio

import structlog

from sendjay.realtime.hub import Hub
from sendjay.storage.database import Database

log = structlog.get_logger(__name__)

ASK_SECONDS = 1.0
GRACE_SECONDS = 1.0
"""A database that hung may still come to a commit that was asked for before."""


class Doubt:
    """At most one at a time; another one meanwhile is cleared up with it."""

    def __init__(self, database: Database, hub: Hub) -> None:
        self._database = database
        self._hub = hub
        self._is_new = False
        self._clearing_up: asyncio.Task[None] | None = None

    def arise(self) -> None:
        self._is_new = True
        if self._clearing_up is None or self._clearing_up.done():
            self._clearing_up = asyncio.get_running_loop().create_task(self._clear_up())

    async def stop(self) -> None:
        if self._clearing_up is not None:
            self._clearing_up.cancel()
            await asyncio.wait([self._clearing_up])

    async def _clear_up(self) -> None:
        while self._is_new:
            await asyncio.sleep(ASK_SECONDS)
            try:
                await self._database.read(self._database.ask_clock)
            except Exception as error:
                log.info("doubt.database_is_away", error=type(error).__name__)
                continue
            self._is_new = False
            await asyncio.sleep(GRACE_SECONDS)
            self._hub.tell_all_to_sync()
