"""Up to which read_version all has been told to those who have a room on screen.

Cursors are told as they come, from whichever node. A client that says what it holds must not name a version
below which something has not come yet: so what is told names the version up to which nothing is missing.
"""

from __future__ import annotations

from collections.abc import Iterable

Span = tuple[int, int]
"""What moved above the first read_version and up to the second."""
BEYOND_MOST = 64
"""Spans of one room that may wait for what lies before them; what is not kept is told once more."""


class CursorReach:
    """Only of rooms on screen: from `begin` to `forget`."""

    def __init__(self) -> None:
        self._told: dict[str, int] = {}
        self._beyond: dict[str, list[Span]] = {}

    def begin(self, room: str, version: int) -> None:
        """Somebody holds the room's cursors as of this version; others may hold less."""
        self._told.setdefault(room, version)
        self.advance(room, ())

    def told(self, room: str) -> int | None:
        """None where nobody has been answered yet."""
        return self._told.get(room)

    def advance(self, room: str, spans: Iterable[Span]) -> int:
        """These are being told: the version up to which nothing is missing then; 0 where that is unknown."""
        beyond = sorted((*self._beyond.pop(room, ()), *spans))
        told = self._told.get(room)
        if told is not None:
            for since, version in beyond:
                if since <= told:
                    told = max(told, version)
            self._told[room] = told
            beyond = [span for span in beyond if span[1] > told]
        if beyond:
            self._beyond[room] = beyond[:BEYOND_MOST]
        return told or 0

    def forget(self, room: str) -> None:
        self._told.pop(room, None)
        self._beyond.pop(room, None)
