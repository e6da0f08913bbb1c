"""From an accepted socket to a session that has said hello; and the heartbeat of all of them."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from urllib.parse import urlsplit

import structlog

from sendjay.protocol.errors import Close
from sendjay.protocol.events import TickEvent
from sendjay.realtime.arrivals_pace import ArrivalsPace
from sendjay.realtime.dispatch import Dispatcher
from sendjay.realtime.hub import Hub, frame_event
from sendjay.realtime.limits import ConnectionLimits
from sendjay.realtime.link import Link
from sendjay.realtime.session import Session
from sendjay.realtime.upgrade import Handshake
from sendjay.settings import Settings
from sendjay.storage.ids import new_id

log = structlog.get_logger(__name__)

SLOTS = 25

COME_BACK_PER_SECOND = 1_250
"""So many clients a second one node takes in without keeping anybody waiting."""
_SHORTEST_WINDOW_MS = 1_000


class Endpoint:
    """Makes sessions of links, gives each its deadline for hello, and ticks them."""

    def __init__(self, hub: Hub, dispatcher: Dispatcher, settings: Settings) -> None:
        self._hub = hub
        self._dispatcher = dispatcher
        self._settings = settings
        self._limits = ConnectionLimits.from_settings(settings)
        self._slots: list[set[Session]] = [set() for _ in range(SLOTS)]
        self._next_slot = 0
        self._per_address: Counter[str] = Counter()
        self._arrivals = ArrivalsPace(settings)
        self._ticking: asyncio.Task[None] | None = None
        origins = [*settings.allowed_origins, *([settings.public_url] if settings.public_url else [])]
        self._origins = frozenset(_origin(each) for each in origins)
        self._embed_origins = frozenset(_origin(each) for each in settings.embed_origins)

    def start(self) -> None:
        self._ticking = asyncio.ensure_future(self._tick_for_ever())

    async def stop(self) -> None:
        if self._ticking is not None:
            self._ticking.cancel()

    def say_goodbye(self) -> None:
        """Send everybody away, to come back spread over as long as it takes to let so many in again."""
        sessions = [session for slot in self._slots for session in slot]
        window = max(_SHORTEST_WINDOW_MS, len(sessions) * 1000 // COME_BACK_PER_SECOND)
        for session in sessions:
            session.close(Close.RESTART, str(window))

    def allows(self, handshake: Handshake) -> bool:
        """May it open a connection?"""
        has_room = self._per_address[handshake.address] < self._settings.connections_per_address
        return has_room and (self.may_use_cookies(handshake) or self.is_embedding(handshake))

    def admits(self, handshake: Handshake) -> bool:
        """One that is allowed, now? False: later."""
        return self._arrivals.admits(handshake.address)

    def may_use_cookies(self, handshake: Handshake) -> bool:
        """Pages of other origins may not do anything with a person's cookie; programs send no Origin."""
        if handshake.origin is None:
            return True
        return handshake.origin in self._origins or _is_of_host(handshake.origin, handshake.host)

    def is_embedding(self, handshake: Handshake) -> bool:
        """A page that may put the messenger in has a token of its own."""
        return handshake.origin in self._embed_origins

    def accept(self, link: Link, handshake: Handshake) -> Session:
        self._next_slot = slot = (self._next_slot + 1) % SLOTS
        sessions = self._slots[slot]
        address = handshake.address
        self._per_address[address] += 1

        def lost(session: Session, code: int) -> None:
            sessions.discard(session)
            self._per_address[address] -= 1
            if self._per_address[address] <= 0:
                del self._per_address[address]
            self._hub.lost(session, code)

        cookies = handshake.cookies if self.may_use_cookies(handshake) else ""
        session = Session(link, self._dispatcher, self._limits, new_id(), cookies, lost)
        sessions.add(session)
        loop = asyncio.get_running_loop()
        session.greeting = loop.call_later(self._settings.hello_seconds, _no_hello, session)
        return session

    async def _tick_for_ever(self) -> None:
        """Every connection hears a tick once in tick_seconds; a slot of them at a time."""
        frame = frame_event(TickEvent())
        slot = 0
        while True:
            await asyncio.sleep(self._settings.tick_seconds / SLOTS)
            slot = (slot + 1) % SLOTS
            now = time.time()
            for session in tuple(self._slots[slot]):
                try:
                    _tick(session, frame, now)
                except Exception:
                    # One broken connection must not stop the heartbeat of all.
                    log.exception("endpoint.tick_failed")


def _tick(session: Session, frame: bytes, now: float) -> None:
    if session.actor is None or session.closed:
        return
    if session.ticked and not session.heard:
        session.close(Close.NO_HELLO, "no answer")
    elif now > session.token_expires:
        session.close(Close.REFRESH, "token expired")
    else:
        session.ticked, session.heard = True, False
        session.push(frame)


def _no_hello(session: Session) -> None:
    session.close(Close.NO_HELLO, "no hello")


def _is_of_host(origin: str, host: str) -> bool:
    """`null` has no host, nor has what cannot be read: neither is the page of a request without one."""
    try:
        return bool(host) and urlsplit(origin).netloc == host
    except ValueError:
        return False


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
