"""Which other nodes live: each says so a few times in every heartbeat of the connections.

What is known of the people at a node counts as long as the node does. A node that stops says goodbye; of
one that was killed nothing is heard any more.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections.abc import Callable

import structlog

from sendjay.realtime.bus.bus import Bus
from sendjay.realtime.nodes import news
from sendjay.realtime.nodes.measures import LOST
from sendjay.realtime.nodes.news import Alive

log = structlog.get_logger(__name__)

ALIVE = "a:all"
BEATS = 5
"""In the time after which a silent node is taken for dead."""
RETURN_SECONDS = 5.0
"""By then the others have found their way back to a Redis that was gone."""

Gone = Callable[[str, bool], None]
"""Told which node is gone, and whether it was lost (True) or said goodbye."""


class OtherNodes:
    """`start` once the bus is."""

    def __init__(self, bus: Bus, lease_seconds: float) -> None:
        self._bus = bus
        self._lease = lease_seconds
        self._heard: dict[str, float] = {}
        self._left: set[str] = set()
        self._up_since = -math.inf
        self._is_up = False
        self._gone: list[Gone] = []
        self._beating: asyncio.Task[None] | None = None
        bus.subscribe((ALIVE,))
        bus.when_changed(self._bus_changed)

    def when_gone(self, hook: Gone) -> None:
        self._gone.append(hook)

    def start(self) -> None:
        self._beating = asyncio.create_task(self._beat(), name="beat")

    async def stop(self) -> None:
        if self._beating is not None:
            self._beating.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._beating
            self._say(leaves=True)

    def heard(self, told: Alive) -> None:
        if not told.leaves:
            self._heard[told.node] = _now()
            return
        self._left.add(told.node)
        if self._heard.pop(told.node, None) is not None:
            self._tell_gone(told.node, was_lost=False)

    def lives(self, node: str) -> bool:
        """Also one of which nothing has been heard yet, until it would have been; then it is missed."""
        if not self.may_live(node):
            return False
        self._heard.setdefault(node, self._up_since)
        return True

    def may_live(self, node: str) -> bool:
        """The same of a name that anybody may have made up: nothing is remembered of it."""
        if node in self._left:
            return False
        last = max(self._heard.get(node, -math.inf), self._up_since)
        return _now() - last < self._lease

    def are_back(self) -> bool:
        """Is the bus up, and for long enough that what others have to say can be heard?"""
        return self._is_up and _now() - self._up_since >= RETURN_SECONDS

    async def _beat(self) -> None:
        while True:
            self._say(leaves=False)
            await asyncio.sleep(self._lease / BEATS)
            try:
                self._bury()
            except Exception:
                log.exception("others.failed")

    def _say(self, *, leaves: bool) -> None:
        self._bus.publish(ALIVE, news.encode(Alive(self._bus.node, leaves)))

    def _bury(self) -> None:
        for node in [each for each in self._heard if not self.lives(each)]:
            del self._heard[node]
            LOST.inc()
            log.warning("others.lost", node=node)
            self._tell_gone(node, was_lost=True)
        if _now() - self._up_since >= self._lease:
            self._left.clear()

    def _tell_gone(self, node: str, *, was_lost: bool) -> None:
        for hook in self._gone:
            try:
                hook(node, was_lost)
            except Exception:
                log.exception("others.hook_failed")

    def _bus_changed(self, is_up: bool) -> None:
        self._is_up = is_up
        if is_up:
            self._up_since = _now()
            self._say(leaves=False)


def _now() -> float:
    return asyncio.get_running_loop().time()
