"""Seals the blocks of rooms that have grown, one after the other, beside everything else that a node does."""

from __future__ import annotations

import asyncio
import time
from functools import partial

import sqlalchemy as sa
import structlog

from sendjay.protocol.errors import Refused
from sendjay.search.sealing import Made, keep, make_newest
from sendjay.storage.database import Database
from sendjay.storage.measures import REFUSALS
from sendjay.storage.writer import Writer

WAITING_MOST = 10_000
"""Rooms. Further ones are the chore's: what is found does not depend on it."""
PAUSES = 8.0
"""After each, times as much of the processor as it took: the talk comes first."""

log = structlog.get_logger(__name__)


class Sealer:
    """On the node that wrote the last row of a block."""

    def __init__(self, database: Database, writer: Writer) -> None:
        self._database = database
        self._writer = writer
        self._waiting: asyncio.Queue[tuple[str, int]] = asyncio.Queue(WAITING_MOST)
        self._took = 0.0
        """Seconds of the processor, for what was made last."""
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.ensure_future(self._go_on())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def want(self, room_id: str, seq: int) -> None:
        """The room has come to this seq."""
        try:
            self._waiting.put_nowait((room_id, seq))
        except asyncio.QueueFull:
            REFUSALS.labels("search_seal").inc()

    async def _go_on(self) -> None:
        while True:
            room, seq = await self._waiting.get()
            self._took = 0.0
            try:
                await self._seal(room, seq)
            except Refused as refused:
                log.info("search.not_sealed", code=str(refused.code))
            except Exception:
                log.exception("search.cannot_seal")
            await asyncio.sleep(PAUSES * self._took)

    async def _seal(self, room: str, seq: int) -> None:
        for made in await self._database.read(partial(self._make, room=room, seq=seq)):
            await self._writer.run(partial(keep, room_id=room, made=made), rooms=(room,))

    def _make(self, connection: sa.Connection, room: str, seq: int) -> list[Made]:
        began = time.thread_time()
        made = make_newest(connection, room, seq)
        self._took = time.thread_time() - began
        return made
