"""What a person's connections at different nodes share: made in one place, started and stopped together."""

from __future__ import annotations

import asyncio
from typing import Protocol

from sendjay.realtime.bus.bus import Bus
from sendjay.realtime.hub import Hub
from sendjay.realtime.nodes.devices import SharedDevices
from sendjay.realtime.nodes.focus import SharedFocus
from sendjay.realtime.nodes.news import Alive, Asked, Connected
from sendjay.realtime.nodes.others import OtherNodes
from sendjay.realtime.nodes.places import SharedPlaces
from sendjay.realtime.nodes.presence import SharedPresence
from sendjay.realtime.nodes.relay import Relay
from sendjay.realtime.nodes.together import Together

GATHER_SECONDS = 0.02
"""Questions of other nodes wait for so long."""


class Looker(Protocol):
    """Somebody who looks into the database now and then."""

    def start(self) -> None: ...

    async def stop(self) -> None: ...


class Neighbours:
    """Needs a bus that is distributed; made before the bus is started, and `start` after it."""

    def __init__(self, hub: Hub, bus: Bus, relay: Relay, overtaken: Looker, lease_seconds: float) -> None:
        self.others = OtherNodes(bus, lease_seconds)
        self._together = Together(bus)
        self._places = SharedPlaces(hub.places, bus, self.others, self._together, relay)
        self._overtaken = overtaken
        self.presence = SharedPresence(hub, bus, self.others, relay)
        self.focus = SharedFocus(hub, bus, self.others, relay)
        self.devices = SharedDevices(hub, bus)
        self._asked: dict[tuple[str, str], dict[str, Asked]] = {}
        """(what of, person) -> who asked."""
        self._answering: asyncio.TimerHandle | None = None
        relay.when_told(Connected, self.devices.hear)
        relay.when_told(Asked, self._hear_asked)
        relay.when_told(Alive, self.others.heard)

    def start(self) -> None:
        self.others.start()
        self._places.start()
        self._overtaken.start()

    async def stop(self) -> None:
        """While the bus still is: what was left here is struck from Redis, and the others hear the end."""
        if self._answering is not None:
            self._answering.cancel()
        await self.presence.stop()
        await self._overtaken.stop()
        await self._places.stop()
        await self._together.stop()
        await self.others.stop()

    def _hear_asked(self, told: Asked) -> None:
        """However often it is asked of somebody, it is answered once for all who ask in the same moment."""
        self._asked.setdefault((told.of, told.person), {})[told.by] = told
        if self._answering is None:
            self._answering = asyncio.get_running_loop().call_later(GATHER_SECONDS, self._answer_all)

    def _answer_all(self) -> None:
        self._answering = None
        due, self._asked = self._asked, {}
        for (of, person), askers in due.items():
            match of:
                case "presence":
                    self.presence.answer(person)
                case "focus":
                    self.focus.answer(person)
                case _:
                    for asked in askers.values():
                        self.devices.answer(asked)
