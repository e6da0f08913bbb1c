"""Telling many: a large audience in slices, one a turn of the loop, so that nobody else waits for it.

While a room is being told, what comes for it gathers and goes out in one block in the next round; several
large rooms take turns. Within a room the order is kept. While others talk, slices leave the loop free between
them: a talk passes it several times on its way, and must not wait for a slice each time.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import structlog

from sendjay.realtime.measures import DELIVERIES
from sendjay.realtime.session import Session

log = structlog.get_logger(__name__)

AT_ONCE = 256
"""So many are told within one turn of the loop."""
SLICE = 64
"""Of more than that, so many a turn: what anybody else waits for, half a millisecond with the writing."""
SMALL_SLICE = 12
"""While others talk."""
GAP_SECONDS = 0.001
"""After each of those: the shortest that a timer can."""
FEW_TOPICS = 4
OTHERS_SECONDS = 0.05
"""So long after somebody else was told something, others talk."""
BLOCK_BYTES = 65_536
"""What gathers goes out in blocks of about this size: a reader has time to take one before the next comes."""


class _Round:
    """Frames on their way to an audience."""

    __slots__ = ("at", "audience", "frames", "size", "tell")

    def __init__(
        self, audience: Sequence[Any], frames: bytes, tell: Callable[[Sequence[Any], bytes], None]
    ) -> None:
        self.audience = audience
        self.frames = [frames]
        self.size = len(frames)
        self.tell = tell
        self.at = 0

    def takes(self, audience: Sequence[Any]) -> bool:
        """May more go out with it?"""
        return self.at == 0 and self.audience is audience and self.size < BLOCK_BYTES

    def add(self, frames: bytes) -> None:
        self.frames.append(frames)
        self.size += len(frames)

    def step(self, most: int = SLICE) -> bool:
        """Tell the next slice; False when it was the last one."""
        if len(self.frames) > 1:
            self.frames = [b"".join(self.frames)]
        audience = self.audience[self.at : self.at + most]
        self.at += most
        self.tell(audience, self.frames[0])
        return self.at < len(self.audience)


class FanOut:
    """`by_user` is the hub's list of connections."""

    def __init__(self, by_user: dict[str, tuple[Session, ...]]) -> None:
        self._by_user = by_user
        self._rounds: dict[str, deque[_Round]] = {}
        """What is still to be told, by topic; the first round of each is at work."""
        self._turns: deque[str] = deque()
        self._next: asyncio.Handle | None = None
        self._others_until = 0.0
        """By `time.monotonic`."""

    def tell_people(self, users: Iterable[str], frames: bytes) -> None:
        """At once."""
        by_user = self._by_user
        told = 0
        for user in users:
            for session in by_user.get(user, ()):
                told += _push(session, frames)
        DELIVERIES.inc(told)

    def tell_room(self, room: str, users: Sequence[str], frames: bytes) -> None:
        """Its members, in the order in which this is called for the room."""
        self._tell(room, users, frames, self.tell_people)

    def tell_watchers(self, room: str, sessions: Sequence[Session], frames: bytes) -> None:
        """Those who had the room on screen, as far as they still have."""

        def tell(audience: Sequence[Session], frames: bytes) -> None:
            for session in audience:
                if room in session.open_rooms:
                    _push(session, frames)

        self._tell(f"{room}/watchers", sessions, frames, tell)

    def rounds_waiting(self, room: str) -> int:
        """Blocks of a room that are still to be told, or being told."""
        return len(self._rounds.get(room, ()))

    def finish(self, room: str) -> None:
        """Tell at once what is still to be told of a room."""
        for topic in (room, f"{room}/watchers"):
            for each in self._rounds.pop(topic, ()):
                while each.step():
                    pass

    def stop(self) -> None:
        if self._next is not None:
            self._next.cancel()
            self._next = None

    def _tell(
        self,
        topic: str,
        audience: Sequence[Any],
        frames: bytes,
        tell: Callable[[Sequence[Any], bytes], None],
    ) -> None:
        rounds = self._rounds.get(topic)
        if rounds is None:
            if len(audience) <= AT_ONCE:
                if self._turns:
                    self._others_until = time.monotonic() + OTHERS_SECONDS
                tell(audience, frames)
                return
            self._rounds[topic] = deque((_Round(audience, frames, tell),))
            self._turns.append(topic)
            if self._next is None:
                self._turn()
        elif rounds[-1].takes(audience):
            rounds[-1].add(frames)
        else:
            rounds.append(_Round(audience, frames, tell))

    def _turn(self) -> None:
        """One slice of one topic."""
        self._next = None
        holds_back = self._holds_back()
        topic = self._turns.popleft()
        rounds = self._rounds.get(topic)
        if rounds:
            if not rounds[0].step(SMALL_SLICE if holds_back else SLICE):
                rounds.popleft()
            if rounds:
                self._turns.append(topic)
            else:
                del self._rounds[topic]
        if self._turns:
            loop = asyncio.get_running_loop()
            self._next = (
                loop.call_later(GAP_SECONDS, self._turn) if holds_back else loop.call_soon(self._turn)
            )

    def _holds_back(self) -> bool:
        """Where many large rooms talk, they are the others."""
        return len(self._turns) <= FEW_TOPICS and time.monotonic() < self._others_until


def _push(session: Session, frames: bytes) -> bool:
    try:
        session.push(frames)
    except Exception:
        # One broken connection must not keep the news from those after it.
        log.exception("hub.push_failed")
        return False
    return True
