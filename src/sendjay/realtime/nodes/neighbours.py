"""What a person's connections at different nodes share: made in one place, started and stopped together."""

from __future__ import annotations

from typing import Protocol

from sendjay.realtime.bus.bus import Bus
from sendjay.realtime.hub import Hub
from sendjay.realtime.nodes.news import Alive
from sendjay.realtime.nodes.others import OtherNodes
from sendjay.realtime.nodes.places import SharedPlaces
from sendjay.realtime.nodes.relay import Relay
from sendjay.realtime.nodes.together import Together


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
        relay.when_told(Alive, self.others.heard)

    def start(self) -> None:
        self.others.start()
        self._places.start()
        self._overtaken.start()

    async def stop(self) -> None:
        """While the bus still is: what was left here is struck from Redis, and the others hear the end."""
        await self._overtaken.stop()
        await self._places.stop()
        await self._together.stop()
        await self.others.stop()
