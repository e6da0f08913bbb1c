"""Which of a person's sessions are connected, asked of all nodes for a screen that is rarely looked at."""

from __future__ import annotations

import asyncio

from sendjay.realtime.bus.bus import Bus
from sendjay.realtime.hub import Hub
from sendjay.realtime.nodes import news
from sendjay.realtime.nodes.news import Asked, Connected

PATIENCE_SECONDS = 0.15
"""Nobody knows how many will answer. Who answers later is shown as not connected."""


class SharedDevices:
    """Made before the bus is started."""

    def __init__(self, hub: Hub, bus: Bus) -> None:
        self._hub = hub
        self._bus = bus
        self._found: dict[str, set[str]] = {}
        self._asking: dict[str, asyncio.Task[set[str]]] = {}
        bus.subscribe((f"a:{bus.node}",))

    async def connected_sessions(self, user: str) -> set[str]:
        """One question at a time for each person: who asks meanwhile waits for the same answer."""
        here = self._hub.connected_sessions(user)
        if not self._bus.is_up:
            return here
        asking = self._asking.get(user)
        if asking is None:
            asking = self._asking[user] = asyncio.ensure_future(self._ask(user))
        return here | await asyncio.shield(asking)

    async def _ask(self, user: str) -> set[str]:
        found = self._found[user] = set[str]()
        try:
            self._bus.publish(f"u:{user}", news.encode(Asked(user, "sessions", self._bus.node)))
            await asyncio.sleep(PATIENCE_SECONDS)
            return found
        finally:
            del self._found[user], self._asking[user]

    def answer(self, asked: Asked) -> None:
        if sessions := self._hub.connected_sessions(asked.person):
            told = Connected(asked.person, sorted(sessions))
            self._bus.publish(f"a:{asked.by}", news.encode(told))

    def hear(self, told: Connected) -> None:
        if (found := self._found.get(told.person)) is not None:
            found.update(told.sessions)
