"""Who is where (web, app), told only to those who have the person on screen, in batches.

Somebody who reloads a page is gone for a moment: going offline is told only after a pause.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import Protocol

import msgspec

from sendjay.protocol.errors import Code, Refused
from sendjay.protocol.events import PresenceChanged
from sendjay.protocol.objects import Presence
from sendjay.realtime.allowance import Allowances
from sendjay.realtime.frames import text_frame
from sendjay.realtime.session import Session
from sendjay.storage.measures import REFUSALS

BATCH_SECONDS = 0.2
OFFLINE_SECONDS = 3.0
NOWHERE = Presence()
WATCHED_BURST = 4_000
WATCHED_PER_SECOND = 200
"""People whom somebody has newly on screen: each may be a question to all other nodes."""

encode = msgspec.json.Encoder().encode


class Beyond(Protocol):
    """Where people are at other nodes; told of those who are watched here, and of those who are here."""

    def where(self, user: str) -> Presence: ...

    def watch(self, user: str) -> None: ...

    def unwatch(self, user: str) -> None: ...

    def moved(self, user: str) -> None:
        """Their connections here came or went."""
        ...


class PresenceBoard:
    """Watchers of people, and what they were last told."""

    def __init__(self, by_user: Mapping[str, tuple[Session, ...]]) -> None:
        self._by_user = by_user
        self.beyond: Beyond | None = None
        self._pace = Allowances(WATCHED_PER_SECOND, WATCHED_BURST)
        self._watchers: dict[str, set[Session]] = {}
        self._told: dict[str, Presence] = {}
        self._due: dict[str, float] = {}
        self._timer: asyncio.TimerHandle | None = None

    def where(self, user: str) -> Presence:
        """Where this person is connected now."""
        here = self.here(user)
        if self.beyond is None:
            return here
        there = self.beyond.where(user)
        return Presence(here.web or there.web, here.app or there.app)

    def here(self, user: str) -> Presence:
        """The same, at this node only."""
        web = app = False
        for session in self._by_user.get(user, ()):
            if session.is_live and session.actor is not None:
                web = web or session.actor.device_kind == "web"
                app = app or session.actor.device_kind == "app"
        return Presence(web, app)

    def watch(self, session: Session, people: Iterable[str]) -> dict[str, Presence]:
        """Replace whom this connection watches; where they all are now (those who are nowhere left out).
        Raises Refused(RATE_LIMITED).
        """
        watched = frozenset(people)
        if wait := self._pace.take(session.user_id, len(watched - session.watched)):
            REFUSALS.labels("watched").inc()
            raise Refused(Code.RATE_LIMITED, retry_after_ms=wait)
        self.unwatch(session)
        session.watched = watched
        answer: dict[str, Presence] = {}
        for user in session.watched:
            watchers = self._watchers.setdefault(user, set())
            if not watchers:
                if self.beyond is not None:
                    self.beyond.watch(user)
                self._told[user] = self.where(user)
            watchers.add(session)
            if self._told[user] != NOWHERE:
                answer[user] = self._told[user]
        return answer

    def unwatch(self, session: Session) -> None:
        for user in session.watched:
            watchers = self._watchers.get(user)
            if watchers is not None:
                watchers.discard(session)
                if not watchers:
                    del self._watchers[user]
                    self._told.pop(user, None)
                    if self.beyond is not None:
                        self.beyond.unwatch(user)
        session.watched = frozenset()

    def tell_watchers(self, user: str, frame: bytes) -> None:
        """To all who have this person on screen, their own connections left out."""
        for session in tuple(self._watchers.get(user, ())):
            if session.user_id != user:
                session.push(frame)

    def changed(self, user: str) -> None:
        """Somebody's connections here came or went."""
        if self.beyond is not None:
            self.beyond.moved(user)
        self.moved(user)

    def moved(self, user: str) -> None:
        """The same, wherever it was."""
        if user not in self._watchers:
            return
        now = asyncio.get_running_loop().time()
        arriving = self.where(user) != NOWHERE
        self._due[user] = now + (BATCH_SECONDS if arriving else OFFLINE_SECONDS)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(BATCH_SECONDS, self._flush)

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _flush(self) -> None:
        self._timer = None
        now = asyncio.get_running_loop().time()
        batches: dict[Session, dict[str, Presence]] = {}
        for user in [user for user, due in self._due.items() if due <= now + 0.01]:
            del self._due[user]
            where = self.where(user)
            if user in self._watchers and self._told.get(user) != where:
                self._told[user] = where
                for session in self._watchers[user]:
                    batches.setdefault(session, {})[user] = where
        for session, people in batches.items():
            session.push(text_frame(encode(PresenceChanged(people))))
        if self._due:
            self._timer = asyncio.get_running_loop().call_later(BATCH_SECONDS, self._flush)
