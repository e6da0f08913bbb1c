"""One node among several: tells the others what was committed here, and those here what was committed there.

The hub stays what it is on a single node; what this adds is between the writer and the hub (told outwards, in
order), and between the bus and the hub.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

import structlog

from sendjay.protocol.events import Behind, Event, MineChanged, ReadMoved, RoomAdded, RoomGone
from sendjay.realtime.bus.bus import Bus
from sendjay.realtime.cursor_reach import Span
from sendjay.realtime.cursors import CursorFeed
from sendjay.realtime.deliveries import (
    CursorsMoved,
    Here,
    MembershipEnded,
    SessionEnded,
    SessionRenewed,
    ToRoom,
    ToUsers,
    ToWatchers,
)
from sendjay.realtime.hub import Hub, frame_event
from sendjay.realtime.nodes import news
from sendjay.realtime.nodes.arrivals import LoadVersions
from sendjay.realtime.nodes.measures import BEHIND
from sendjay.realtime.nodes.news import Block, Ended, ForPerson, News, OfPerson, OnScreens
from sendjay.realtime.nodes.order import Load, RoomOrder
from sendjay.realtime.nodes.people import PeopleHere

log = structlog.get_logger(__name__)
N = TypeVar("N", bound=News)


class Relay:
    """Needs a bus that is distributed; `start` before the bus."""

    def __init__(self, hub: Hub, bus: Bus, load_missing: Load, load_versions: LoadVersions) -> None:
        self._hub = hub
        self._bus = bus
        self.order = RoomOrder(self._tell_block, self._tell_behind, load_missing)
        self.people = PeopleHere(hub, bus, self.order, load_versions)
        self._cursors = CursorFeed(self._say_cursors)
        hub.tell_elsewhere = self._say_on_screens
        self._takers: dict[type[News], Callable[[Any], None]] = {}
        for letter in "rupa":
            bus.on(letter, self._hear)

    def when_told(self, kind: type[N], take: Callable[[N], None]) -> None:
        """`take` gets all news of this kind."""
        self._takers[kind] = take

    async def stop(self) -> None:
        self._cursors.stop()
        await self.people.stop()
        await self.order.stop()

    # What was committed here

    def deliver(self, deliveries: Iterable[object]) -> None:
        """In order; neighbouring events of one room go as one block, to those here and to the other nodes."""
        gathered: dict[str, _Gathered] = {}
        for delivery in deliveries:
            try:
                if type(delivery) is ToRoom:
                    self._gather(gathered, delivery)
                    continue
                self._flush(gathered)
                self._deliver_one(delivery)
            except Exception:
                log.exception("relay.delivery_failed", kind=type(delivery).__name__)
        self._flush(gathered)

    def _gather(self, gathered: dict[str, _Gathered], delivery: ToRoom) -> None:
        # Each of them has a version of its own, one above the one before.
        version: int = delivery.event.version  # pyright: ignore[reportAttributeAccessIssue]
        before = gathered.get(delivery.room)
        if before is not None and delivery.members is None and version == before.last + 1:
            before.add(version, delivery)
            return
        if before is not None:
            self._flush(gathered)
        gathered[delivery.room] = _Gathered(version, delivery)

    def _flush(self, gathered: dict[str, _Gathered]) -> None:
        for each in gathered.values():
            try:
                block = each.block()
                self._bus.publish(f"r:{block.room}", news.encode(block))
                self.order.take(block)
            except Exception:
                log.exception("relay.delivery_failed", kind="ToRoom")
        gathered.clear()

    def _deliver_one(self, delivery: object) -> None:
        match delivery:
            case ToUsers(users, event):
                self._tell_people(users, event)
            case ToWatchers(person, event):
                frames = frame_event(event)
                self._bus.publish(f"u:{person}", news.encode(ForPerson(person, frames)))
                self._bus.publish(f"p:{person}", news.encode(OfPerson(person, frames)))
                self._hub.deliver_one(delivery)
            case CursorsMoved(room, since, read_version, cursors):
                self._cursors.moved(room, since, read_version, cursors)
                self._hub.deliver_one(delivery)
            case MembershipEnded(room, users):
                self._bus.publish(f"r:{room}", news.encode(Ended(room, users)))
                self._ended(delivery)
            case SessionEnded(session_ids, person, reason):
                told = news.SessionsEnded(person, session_ids, reason)
                self._bus.publish(f"u:{person}", news.encode(told))
                self._hub.deliver_one(delivery)
            case SessionRenewed(session, person, expires):
                self._bus.publish(f"u:{person}", news.encode(news.SessionRenews(person, session, expires)))
                self._hub.deliver_one(delivery)
            case Here():
                self._hub.deliver_one(delivery)
            case _:
                raise TypeError(type(delivery).__name__)

    def _tell_people(self, people: Sequence[str], event: Event) -> None:
        frames = frame_event(event)
        for person in people:
            match event:
                case RoomAdded(room, version):
                    told = ForPerson(person, frames, added=room, version=version)
                case RoomGone(room):
                    told = ForPerson(person, frames, gone=room)
                case MineChanged(personal):
                    told = ForPerson(person, frames, personal=personal)
                case _:
                    told = ForPerson(person, frames)
            self._bus.publish(f"u:{person}", news.encode(told))
            self._take_for_person(told)

    def _say_cursors(self, room: str, spans: list[Span], cursors: dict[str, int]) -> int:
        frames = frame_event(ReadMoved(room, max(version for _, version in spans), cursors))
        self._bus.publish(f"r:{room}", news.encode(OnScreens(room, frames, spans, cursors)))
        # Nobody here knows how many have it on screen elsewhere; more than there are members they are not.
        return self._hub.audience(room)

    def _say_on_screens(self, room: str, frames: bytes) -> None:
        self._bus.publish(f"r:{room}", news.encode(OnScreens(room, frames)))

    # What was committed elsewhere

    def _hear(self, _name: str, said: bytes) -> None:
        self._take(news.decode(said))

    def _take(self, told: News) -> None:
        match told:
            case Block():
                self.order.take(told)
            case OnScreens(room, _, spans, cursors) if cursors:
                self._hub.tell_cursors(room, spans, cursors)
            case OnScreens(room, frames):
                self._hub.tell_screens(room, frames)
            case Ended(room, people):
                self._ended(MembershipEnded(room, people))
            case ForPerson():
                self._take_for_person(told)
            case news.SessionsEnded(person, sessions, reason):
                self._hub.deliver_one(SessionEnded(sessions, person, reason))
            case news.SessionRenews(person, session, expires):
                self._hub.deliver_one(SessionRenewed(session, person, expires))
            case OfPerson(person, frames):
                self._hub.presence.tell_watchers(person, frames)
            case _:
                self._takers[type(told)](told)

    def _take_for_person(self, told: ForPerson) -> None:
        person = told.person
        if person not in self.people:
            return
        if told.personal:
            self.people.told(person, told.personal)
        if told.added:
            self.people.added(person, told.added, told.version)
        if told.gone:
            self.people.dropped(person, told.gone)
        self._hub.tell_people((person,), told.frames)

    def _ended(self, ended: MembershipEnded) -> None:
        self._hub.deliver_one(ended)
        for person in ended.users:
            self.people.dropped(person, ended.room)

    def _tell_block(self, block: Block) -> None:
        members = tuple(block.members) if block.members is not None else None
        self._hub.tell_room(block.room, block.members_version, members, block.frames)

    def _tell_behind(self, room: str, members_version: int) -> None:
        """Rows alone do not say what happened in this room: its people here shall sync."""
        BEHIND.inc()
        self._hub.tell_room(room, members_version, None, _BEHIND)

    # What the sweep has found in the database

    def tell_to_sync(self, person: str, personal: int) -> None:
        """Their own stream has moved up to here, unless they have been told meanwhile."""
        if not self.people.has_been_told(person, personal):
            self.people.told(person, personal)
            BEHIND.inc()
            self._hub.tell_people((person,), _BEHIND)

    def members_are(self, room: str, version: int, members: Sequence[str]) -> None:
        """Who is in this room now: those here who came or went and have not been told are told."""
        present = set(members)
        for person in self.people.everybody_in(room):
            if person not in present:
                self._ended(MembershipEnded(room, (person,)))
                self._hub.tell_people((person,), frame_event(RoomGone(room)))
        for person in present:
            if person in self.people and not self.people.is_in(person, room):
                frames = frame_event(RoomAdded(room, version))
                self._take_for_person(ForPerson(person, frames, added=room, version=version))


class _Gathered:
    """Neighbouring events of one room, on their way into a block."""

    __slots__ = ("_frames", "_members", "_members_version", "_room", "first", "last")

    def __init__(self, version: int, delivery: ToRoom) -> None:
        self._room = delivery.room
        self.first = self.last = version
        self._frames = [frame_event(delivery.event)]
        self._members_version = delivery.members_version
        self._members = delivery.members

    def add(self, version: int, delivery: ToRoom) -> None:
        self.last = version
        self._frames.append(frame_event(delivery.event))
        self._members_version = delivery.members_version

    def block(self) -> Block:
        members = list(self._members) if self._members is not None else None
        return Block(
            self._room, self.first, self.last, self._members_version, b"".join(self._frames), members
        )


_BEHIND = frame_event(Behind())
