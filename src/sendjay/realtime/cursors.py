"""Read cursors on their way out: coalesced, so that a room of hundreds who all read at once stays quiet."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from sendjay.protocol.events import Event, ReadMoved

PAUSE_SECONDS = 0.1


class CursorFeed:
    """Gathers what moved in each room and tells it at most every PAUSE_SECONDS."""

    def __init__(self, tell: Callable[[str, Event], None]) -> None:
        self._tell = tell
        self._moved: dict[str, tuple[int, dict[str, int]]] = {}
        self._timer: asyncio.TimerHandle | None = None

    def moved(self, room: str, read_version: int, cursors: dict[str, int]) -> None:
        version, gathered = self._moved.get(room, (0, {}))
        for user, seq in cursors.items():
            gathered[user] = max(seq, gathered.get(user, 0))
        self._moved[room] = (max(version, read_version), gathered)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(PAUSE_SECONDS, self._flush)

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _flush(self) -> None:
        self._timer = None
        moved, self._moved = self._moved, {}
        for room, (version, cursors) in moved.items():
            self._tell(room, ReadMoved(room, version, cursors))
