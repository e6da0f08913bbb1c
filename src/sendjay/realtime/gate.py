"""Lets so many in at once. The others wait in order; those who would wait too long are sent away at once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from sendjay.protocol.errors import Code, Refused
from sendjay.storage.measures import REFUSALS

_PACE = 0.1
"""The weight of the last one in how long one takes lately."""


class Gate:
    """`reason` is what its refusals are counted under; `most` how many may wait, and `seconds` how long."""

    def __init__(self, reason: str, at_once: int, most: int, seconds: float) -> None:
        self._refusals = REFUSALS.labels(reason)
        self._places = asyncio.Semaphore(at_once)
        self._most = most
        self._seconds = seconds
        self._pace = 0.0
        self._passed_at = 0.0
        self.waiting = 0

    @asynccontextmanager
    async def passing(self) -> AsyncGenerator[None]:
        """Within it, one has a place. Raises Refused(BUSY), with when there will be room."""
        if self._places.locked():
            await self._wait()
        else:
            self._passed_at = 0.0
            await self._places.acquire()
        try:
            yield
        finally:
            self._places.release()
            self._count()

    async def _wait(self) -> None:
        expected = self.waiting * self._pace
        if self.waiting >= self._most or expected > self._seconds:
            self._refusals.inc()
            raise Refused(Code.BUSY, retry_after_ms=int(1000 * max(1.0, expected)))
        self.waiting += 1
        try:
            await self._places.acquire()
        finally:
            self.waiting -= 1

    def _count(self) -> None:
        """How quickly places become free, while somebody waits for one."""
        now = time.monotonic()
        if self._passed_at:
            self._pace += (now - self._passed_at - self._pace) * _PACE
        self._passed_at = now if self.waiting else 0.0
