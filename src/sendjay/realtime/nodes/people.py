"""Who is at this node, what is heard for them, and up to where they have been told of their own stream."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from sendjay.realtime.bus.bus import Bus
from sendjay.realtime.hub import Hub
from sendjay.realtime.nodes.arrivals import Arrivals, LoadVersions
from sendjay.realtime.nodes.interest import Interest
from sendjay.realtime.nodes.measures import ROOMS
from sendjay.realtime.nodes.order import RoomOrder

LINGER_SECONDS = 30.0
"""Who reloads a page comes back: what is for them is heard for so long."""


class PeopleHere:
    """From a person's first connection until a while after the last one."""

    def __init__(self, hub: Hub, bus: Bus, order: RoomOrder, load_versions: LoadVersions) -> None:
        self._hub = hub
        self._bus = bus
        self._order = order
        self._arrivals = Arrivals(bus, order, load_versions)
        self._interest = Interest()
        self._personal: dict[str, int] = {}
        """person -> the version of their own stream that they have been told of, or hold."""
        self._hearing: dict[str, asyncio.Future[None]] = {}
        self._leaving: dict[str, float] = {}
        self._timer: asyncio.TimerHandle | None = None
        hub.when_left(self._left)

    def __contains__(self, person: str) -> bool:
        return person in self._personal

    async def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        await self._arrivals.stop()

    # Coming and going

    async def hear(self, person: str) -> None:
        """What is for this person is heard before anything is read for them."""
        self._leaving.pop(person, None)
        if person not in self._personal:
            self._personal[person] = 0
            hearing = asyncio.ensure_future(self._arrivals.hears_person(person))
            self._hearing[person] = hearing
            hearing.add_done_callback(lambda _: self._hearing.pop(person, None))
        hearing = self._hearing.get(person)
        if hearing is not None:
            await asyncio.shield(hearing)

    async def came(self, person: str, personal: int, rooms: Mapping[str, int]) -> None:
        """They are about to hold these rooms at these versions; what they lack is on its way after this."""
        if person not in self._personal:
            return
        self._personal[person] = self._personal[person] or personal
        self._interest.add(person, rooms)
        coming = self._arrivals.come(rooms)
        if coming is not None:
            await coming

    def _left(self, person: str) -> None:
        loop = asyncio.get_running_loop()
        self._leaving[person] = loop.time() + LINGER_SECONDS
        if self._timer is None:
            self._timer = loop.call_later(LINGER_SECONDS, self._let_go)

    def _let_go(self) -> None:
        loop = asyncio.get_running_loop()
        self._timer = None
        now = loop.time()
        rooms: list[str] = []
        gone: list[str] = []
        for person in [person for person, due in self._leaving.items() if due <= now]:
            del self._leaving[person]
            if not self._hub.connections(person):
                rooms += self._interest.leave(person)
            if not self._hub.all_connections(person):
                # Parked connections must hear that their session has ended.
                self._personal.pop(person, None)
                gone.append(f"u:{person}")
        self._forget(rooms)
        self._bus.unsubscribe(gone)
        if self._leaving:
            self._timer = loop.call_later(1.0, self._let_go)

    # Rooms

    def added(self, person: str, room: str, version: int) -> None:
        """They are in this room from now on, which stands at `version`."""
        if self._hub.connections(person):
            self._interest.add(person, (room,))
            self._arrivals.come({room: version})

    def dropped(self, person: str, room: str) -> None:
        """They are in this room no longer."""
        if self._interest.drop(person, room):
            self._forget([room])

    def is_in(self, person: str, room: str) -> bool:
        return self._interest.has(person, room)

    def everybody_in(self, room: str) -> list[str]:
        """All here who are in this room. Looks through everybody: for what is rare."""
        return self._interest.people_in(room)

    def _forget(self, rooms: Sequence[str]) -> None:
        for room in rooms:
            self._order.forget(room)
        self._bus.unsubscribe([f"r:{room}" for room in rooms])
        ROOMS.set(self._order.rooms())

    # Their own streams

    def told(self, person: str, personal: int) -> None:
        """Their own stream has been told to them up to here."""
        if personal > self._personal.get(person, personal):
            self._personal[person] = personal

    def has_been_told(self, person: str, personal: int) -> bool:
        """Also where they are not here."""
        return personal <= self._personal.get(person, personal)
