"""Member lists of the rooms in use, so that fan-out needs no query.

An event names the `members_version` it was made at. A list that is older is renewed first; what comes for the
room meanwhile waits behind it, in order.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence

import structlog

from sendjay.protocol.errors import Refused

log = structlog.get_logger(__name__)


WAITING_MOST = 5_000
"""Blocks of events that may wait for one member list."""
AGAIN_SECONDS = 0.5


class Roster:
    """room -> (members_version, members), at most `limit` rooms, the longest unused dropped first."""

    def __init__(
        self,
        load: Callable[[str], Awaitable[tuple[int, tuple[str, ...]]]],
        tell: Callable[[str, Sequence[str], bytes], None],
        limit: int,
    ) -> None:
        self._load = load
        self._tell = tell
        self._limit = limit
        self._lists: OrderedDict[str, tuple[int, tuple[str, ...]]] = OrderedDict()
        self._waiting: dict[str, list[tuple[int, bytes]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def learn(self, room: str, members_version: int, members: tuple[str, ...]) -> None:
        """The members as of a commit that changed them."""
        known = self._lists.get(room)
        if known is None or known[0] < members_version:
            self._keep(room, members_version, members)

    def size(self, room: str) -> int:
        """How many members, as far as known."""
        known = self._lists.get(room)
        return len(known[1]) if known is not None else 0

    def deliver(self, room: str, members_version: int, frames: bytes) -> None:
        waiting = self._waiting.get(room)
        if waiting is not None:
            # More than the database can explain: they see a hole and ask for sync.
            if len(waiting) < WAITING_MOST:
                waiting.append((members_version, frames))
            return
        known = self._lists.get(room)
        if known is not None and known[0] >= members_version:
            self._lists.move_to_end(room)
            # A list read ahead of the news holds people who were not there yet: see `_renew`.
            if known[0] == members_version:
                self._tell(room, known[1], frames)
            return
        self._waiting[room] = [(members_version, frames)]
        task = asyncio.ensure_future(self._renew(room))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _renew(self, room: str) -> None:
        try:
            members_version, members = await self._load_when_it_can_be_read(room)
        except Exception:
            # Their clients see a hole with the next event, or nothing new until their next sync.
            log.exception("roster.load_failed", room=room)
            self._waiting.pop(room, None)
            return
        self.learn(room, members_version, members)
        at, current = self._lists[room]
        for made_at, frames in self._waiting.pop(room, ()):
            # What was said before somebody came in is not theirs to hear. The others learn of it from the
            # hole that the news of who came leaves.
            if made_at >= at:
                self._tell(room, current, frames)

    async def _load_when_it_can_be_read(self, room: str) -> tuple[int, tuple[str, ...]]:
        """What was acknowledged just before the database went away is told when it is back: nothing else
        would tell it. While the room cannot be read, next to nothing comes to wait with it.
        """
        while True:
            try:
                return await self._load(room)
            except Refused as refused:
                log.info("roster.cannot_be_read", room=room, code=str(refused.code))
            await asyncio.sleep(AGAIN_SECONDS)

    def _keep(self, room: str, members_version: int, members: tuple[str, ...]) -> None:
        self._lists[room] = (members_version, members)
        self._lists.move_to_end(room)
        while len(self._lists) > self._limit:
            self._lists.popitem(last=False)
