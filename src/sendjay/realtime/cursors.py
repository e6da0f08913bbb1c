"""Read cursors on their way out: coalesced, so that a room of hundreds who all read at once stays quiet."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from sendjay.realtime.cursor_reach import Span

PAUSE_SECONDS = 0.1
TOLD_PER_SECOND = 400_000
"""Cursors told to people, for one room: where thousands read at once, all of them telling all of them would
be hundreds of megabytes. Such a room gathers longer; what moved meanwhile is told once.
"""


class CursorFeed:
    """Gathers what moved in each room and tells it at most every PAUSE_SECONDS.

    `tell` gives back how many heard it.
    """

    def __init__(self, tell: Callable[[str, list[Span], dict[str, int]], int]) -> None:
        self._tell = tell
        self._moved: dict[str, tuple[list[Span], dict[str, int]]] = {}
        self._quiet_until: dict[str, float] = {}
        self._timer: asyncio.TimerHandle | None = None

    def moved(self, room: str, since: int, read_version: int, cursors: dict[str, int]) -> None:
        spans, gathered = self._moved.setdefault(room, ([], {}))
        for user, seq in cursors.items():
            gathered[user] = max(seq, gathered.get(user, 0))
        if spans and spans[-1][1] == since:
            spans[-1] = (spans[-1][0], read_version)
        else:
            spans.append((since, read_version))
        self._wait()

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _wait(self) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(PAUSE_SECONDS, self._flush)

    def _flush(self) -> None:
        self._timer = None
        now = time.monotonic()
        self._quiet_until = {room: end for room, end in self._quiet_until.items() if end > now}
        moved, self._moved = self._moved, {}
        for room, (spans, cursors) in moved.items():
            if room in self._quiet_until:
                self._moved[room] = (spans, cursors)
                continue
            told = self._tell(room, spans, cursors) * len(cursors)
            if told > TOLD_PER_SECOND * PAUSE_SECONDS:
                self._quiet_until[room] = now + told / TOLD_PER_SECOND
        if self._moved:
            self._wait()
