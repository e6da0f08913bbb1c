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
        self._waiting: dict[str, list[set[str]]] = {}
        bus.subscribe((f"a:{bus.node}",))

    async def connected_sessions(self, user: str) -> set[str]:
        found = self._hub.connected_sessions(user)
        if not self._bus.is_up:
            return found
        waiting = self._waiting.setdefault(user, [])
        waiting.append(found)
        try:
            self._bus.publish(f"u:{user}", news.encode(Asked(user, "sessions", self._bus.node)))
            await asyncio.sleep(PATIENCE_SECONDS)
        finally:
            # By identity: two who ask at the same time hold equal sets.
            waiting[:] = [each for each in waiting if each is not found]
            if not waiting:
                self._waiting.pop(user, None)
        return found

    def answer(self, asked: Asked) -> None:
        if sessions := self._hub.connected_sessions(asked.person):
            told = Connected(asked.person, sorted(sessions))
            self._bus.publish(f"a:{asked.by}", news.encode(told))

    def hear(self, told: Connected) -> None:
        for found in self._waiting.get(told.person, ()):
            found.update(told.sessions)
