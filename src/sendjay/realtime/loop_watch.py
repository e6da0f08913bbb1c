"""How late the event loop is: everything that is said on a node waits for its turns."""

from __future__ import annotations

import asyncio
from collections import deque

from sendjay.realtime.measures import LOOP_LAG

LOOK_SECONDS = 0.25
SLOW_SECONDS = 0.5
"""Lateness from which people notice it in every answer."""
_LOOKS = 20


class LoopWatch:
    """Looks four times a second. `is_slow` is the middle of the last five seconds: one hiccup is no state."""

    def __init__(self) -> None:
        self._latest: deque[float] = deque(maxlen=_LOOKS)
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.ensure_future(self._look())

    def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def is_slow(self) -> bool:
        middle = sorted(self._latest)[len(self._latest) // 2] if self._latest else 0
        return middle > SLOW_SECONDS

    async def _look(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + LOOK_SECONDS
            await asyncio.sleep(LOOK_SECONDS)
            late = max(0.0, loop.time() - due)
            self._latest.append(late)
            LOOP_LAG.observe(late)
