"""Who is connected, and how what a commit published reaches them.

The hub goes from a room's member list to each member's connections; nothing is kept per connection and room.
A room's event is encoded and framed once. Everything here happens on the event loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence

import msgspec
import structlog

from sendjay.actor import Actor
from sendjay.protocol.errors import Close
from sendjay.protocol.events import Behind, Event, ReadMoved, SignedOut
from sendjay.realtime.cursor_reach import CursorReach, Span
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
from sendjay.realtime.fanout import FanOut
from sendjay.realtime.focus import FocusBoard
from sendjay.realtime.frames import text_frame
from sendjay.realtime.measures import CONNECTIONS
from sendjay.realtime.places import Places
from sendjay.realtime.presence import PresenceBoard
from sendjay.realtime.roster import Roster
from sendjay.realtime.session import Session

log = structlog.get_logger(__name__)
encode = msgspec.json.Encoder().encode

LoadMembers = Callable[[str], Awaitable[tuple[int, tuple[str, ...]]]]
SeenHook = Callable[[str, str], None]
"""Told (session_id, address) when a connection has said hello, and when it goes."""


def frame_event(event: Event) -> bytes:
    """The frame of an event, ready for every socket."""
    return text_frame(encode(event))


class Hub:
    """The connections of this node."""

    def __init__(self, load_members: LoadMembers, *, rooms_cached: int = 50_000) -> None:
        self._by_user: dict[str, tuple[Session, ...]] = {}
        self._watching_room: dict[str, set[Session]] = {}
        self._fanout = FanOut(self._by_user)
        self._roster = Roster(load_members, self._fanout.tell_room, rooms_cached)
        self._cursors = CursorFeed(self.tell_cursors)
        self.cursor_reach = CursorReach()
        self._seen: SeenHook = lambda _session_id, _address: None
        self._when_left: Callable[[str], None] = lambda _person: None
        self.tell_elsewhere: Callable[[str, bytes], None] = lambda _room, _frames: None
        """Tells those at other nodes who have a room on screen."""
        self.presence = PresenceBoard(self._by_user)
        self.focus = FocusBoard(self._by_user)
        self.places = Places(self.detach)

    def when_seen(self, hook: SeenHook) -> None:
        self._seen = hook

    def when_left(self, hook: Callable[[str], None]) -> None:
        """Told whose connection was taken off the lists."""
        self._when_left = hook

    # Connections

    def register(self, session: Session, user: str, session_id: str) -> None:
        """From now on this connection gets what its person gets (it holds it until hello is answered)."""
        session.user_id, session.session_id = user, session_id
        self._by_user[user] = (*self._by_user.get(user, ()), session)

    def confirm(self, session: Session, actor: Actor) -> None:
        """Hello has succeeded: the person is here."""
        session.actor, session.is_live = actor, True
        CONNECTIONS.labels(actor.device_kind).inc()
        self._seen(session.session_id, session.link.address)
        self.presence.changed(actor.user_id)

    def detach(self, session: Session) -> None:
        """Take it off all lists: it has ended, or is parked."""
        # Also where it has been detached before: a room may have been opened while its session ended.
        for room in tuple(session.open_rooms):
            self.close_room(session, room)
        user, session.user_id = session.user_id, ""
        if not user:
            return
        left = tuple(each for each in self._by_user.get(user, ()) if each is not session)
        if left:
            self._by_user[user] = left
        else:
            self._by_user.pop(user, None)
        self.presence.unwatch(session)
        self._when_left(user)
        was_live, session.is_live, session.focused = session.is_live, False, frozenset()
        if was_live and session.actor is not None:
            CONNECTIONS.labels(session.actor.device_kind).dec()
            self._seen(session.session_id, session.link.address)
            self.presence.changed(user)
            self.focus.changed(user)

    def lost(self, session: Session, code: int) -> None:
        """The connection is over; `code` says whether somebody closed it or the line broke."""
        self.detach(session)
        self.places.leave(session, code)

    def connections(self, user: str) -> tuple[Session, ...]:
        """Those that are told what happens; parked ones are not."""
        return self._by_user.get(user, ())

    def all_connections(self, user: str) -> tuple[Session, ...]:
        """The parked ones too."""
        return tuple(dict.fromkeys((*self.connections(user), *self.places.parked(user))))

    def connected_sessions(self, user: str) -> set[str]:
        """Which of this person's sessions have a connection that has said hello."""
        return {each.session_id for each in self.all_connections(user) if each.actor is not None}

    def people(self) -> tuple[str, ...]:
        """Everybody who has a connection here that is not parked."""
        return tuple(self._by_user)

    # Rooms on screen

    def open_room(self, session: Session, room: str, most: int) -> None:
        """This connection shows the room: it gets cursors and typing. Beyond `most`, the first opened is
        closed.
        """
        if not session.is_live:
            return  # it has ended, or was parked, while its room was being read
        if not session.open_rooms:
            session.open_rooms = set()
        if room not in session.open_rooms and len(session.open_rooms) >= most:
            self.close_room(session, next(iter(session.open_rooms)))
        session.open_rooms.add(room)
        self._watching_room.setdefault(room, set()).add(session)

    def close_room(self, session: Session, room: str) -> None:
        session.open_rooms.discard(room)
        watching = self._watching_room.get(room)
        if watching is not None:
            watching.discard(session)
            if not watching:
                del self._watching_room[room]
                self.cursor_reach.forget(room)

    def rooms_on_screen(self) -> list[str]:
        """Those that somebody here has open."""
        return list(self._watching_room)

    def tell_cursors(self, room: str, spans: Sequence[Span], cursors: dict[str, int]) -> int:
        """To all here who have the room on screen: these cursors, which moved within these spans."""
        if room not in self._watching_room:
            return 0
        reached = self.cursor_reach.advance(room, spans)
        return self.tell_screens(room, frame_event(ReadMoved(room, reached, cursors)))

    def tell_watchers(self, room: str, event: Event, besides: Session | None = None) -> None:
        """To all who have the room on screen, at whichever node, but for one connection."""
        frames = frame_event(event)
        self.tell_screens(room, frames, besides)
        self.tell_elsewhere(room, frames)

    def tell_screens(self, room: str, frames: bytes, besides: Session | None = None) -> int:
        """To all here who have the room on screen, but for one connection; how many they are."""
        watching = self._watching_room.get(room, ())
        audience = tuple(each for each in watching if each is not besides)
        if audience:
            self._fanout.tell_watchers(room, audience, frames)
        return len(audience)

    # Large rooms

    def watchers(self, room: str) -> int:
        """Connections here that have the room on screen."""
        return len(self._watching_room.get(room, ()))

    def audience(self, room: str) -> int:
        """How many people a message of the room is told, as far as known."""
        return self._roster.size(room)

    def rounds_waiting(self, room: str) -> int:
        """Blocks of events that the room's members are still to be told."""
        return self._fanout.rounds_waiting(room)

    # Fan-out after a commit

    def deliver(self, deliveries: Iterable[object]) -> None:
        """Tell what was committed, in order; neighbouring events of one room leave as one block."""
        gathered: dict[str, list[bytes]] = {}
        newest: dict[str, int] = {}
        for delivery in deliveries:
            try:
                if type(delivery) is not ToRoom:
                    self._flush(gathered, newest)
                    self.deliver_one(delivery)
                    continue
                if delivery.members is not None:
                    # What was told before goes to those who were members then.
                    self._flush(gathered, newest)
                    self._roster.learn(delivery.room, delivery.members_version, delivery.members)
                gathered.setdefault(delivery.room, []).append(frame_event(delivery.event))
                newest[delivery.room] = delivery.members_version
            except Exception:
                log.exception("hub.delivery_failed", kind=type(delivery).__name__)
        self._flush(gathered, newest)

    def _flush(self, gathered: dict[str, list[bytes]], newest: dict[str, int]) -> None:
        for room, frames in gathered.items():
            try:
                self._roster.deliver(room, newest[room], b"".join(frames))
            except Exception:
                log.exception("hub.delivery_failed", kind="ToRoom")
        gathered.clear()
        newest.clear()

    def deliver_one(self, delivery: object) -> None:
        """Tell those here of anything but what happened in a room."""
        match delivery:
            case ToUsers(users, event):
                self.tell_people(users, frame_event(event))
            case ToWatchers(person, event):
                frame = frame_event(event)
                self.tell_people((person,), frame)
                self.presence.tell_watchers(person, frame)
            case CursorsMoved(room, since, read_version, cursors):
                if room in self._watching_room:
                    self._cursors.moved(room, since, read_version, cursors)
            case MembershipEnded(room, users):
                self._fanout.finish(room)
                self._close_rooms(room, users)
            case SessionEnded(session_ids, user_id, reason):
                self._end_sessions(session_ids, user_id, reason)
            case SessionRenewed():
                self._renew_session(delivery)
            case Here(call):
                call()
            case _:
                raise TypeError(type(delivery).__name__)

    def tell_room(
        self, room: str, members_version: int, members: tuple[str, ...] | None, frames: bytes
    ) -> None:
        """To everybody here who is in the room; `members` where they changed."""
        if members is not None:
            self._roster.learn(room, members_version, members)
        self._roster.deliver(room, members_version, frames)

    def tell_people(self, users: Iterable[str], frames: bytes) -> None:
        """To every connection here of these people."""
        self._fanout.tell_people(users, frames)

    def tell_all_to_sync(self) -> None:
        """To every connection here: something may have passed it by."""
        self._fanout.tell_room("", self.people(), frame_event(Behind()))

    def _close_rooms(self, room: str, users: Iterable[str]) -> None:
        for user in users:
            for session in self.connections(user):
                self.close_room(session, room)

    def _renew_session(self, renewed: SessionRenewed) -> None:
        for session in self.all_connections(renewed.user_id):
            if session.session_id == renewed.session_id:
                session.token_expires = max(session.token_expires, renewed.expires)

    def _end_sessions(self, session_ids: tuple[str, ...], user: str, reason: str) -> None:
        frame = frame_event(SignedOut(reason))
        ended = [each for each in self.all_connections(user) if each.session_id in session_ids]
        for session in ended:
            session.push(frame)
            session.close(Close.STOP, reason)
            # Gone from the lists at once: what is published next must not reach a session that has ended.
            self.detach(session)
        for session in ended:
            # After all have closed: none of those that end together is offered another one's place.
            self.places.leave(session, Close.STOP)

    async def stop(self) -> None:
        self._fanout.stop()
        self._cursors.stop()
        self.presence.stop()
        self.places.offers.stop()
        await asyncio.sleep(0)
