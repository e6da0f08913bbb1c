"""Seals the blocks of rooms that have grown, one after the other, beside everything else that a node does."""

from __future__ import annotations

import asyncio
import contextlib
import time
from functools import partial

import structlog

from sendjay.protocol.errors import Refused
from sendjay.search.sealing import keep, make_newest
from sendjay.storage.database import Database
from sendjay.storage.writer import Writer

WAITING_MOST = 10_000
"""Rooms. Further ones are the chore's: what is found does not depend on it."""
PAUSES = 4.0
"""After each, times as long as it took: it is work of the processor, and the talk comes first."""

log = structlog.get_logger(__name__)


class Sealer:
    """On the node that wrote the last row of a block."""

    def __init__(self, database: Database, writer: Writer) -> None:
        self._database = database
        self._writer = writer
        self._waiting: asyncio.Queue[tuple[str, int]] = asyncio.Queue(WAITING_MOST)
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.ensure_future(self._go_on())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def want(self, room_id: str, seq: int) -> None:
        """The room has come to this seq."""
        with contextlib.suppress(asyncio.QueueFull):
            self._waiting.put_nowait((room_id, seq))

    async def _go_on(self) -> None:
        while True:
            room, seq = await self._waiting.get()
            began = time.monotonic()
            try:
                await self._seal(room, seq)
            except Refused as refused:
                log.info("search.not_sealed", code=str(refused.code))
            except Exception:
                log.exception("search.cannot_seal")
            await asyncio.sleep(PAUSES * (time.monotonic() - began))

    async def _seal(self, room: str, seq: int) -> None:
        for made in await self._database.read(partial(make_newest, room_id=room, seq=seq)):
            await self._writer.run(partial(keep, room_id=room, made=made), rooms=(room,))
