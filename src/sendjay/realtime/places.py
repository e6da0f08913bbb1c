"""Who has the one live place of each person and kind of device, and who is parked behind it.

Bookkeeping on the event loop: nothing here reads or writes. Only a person's act (`claim`) takes a place that
somebody has; coming back does not. So two browsers of one person never fight over it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from enum import Enum
from typing import Literal

import msgspec

from sendjay.protocol.errors import Close
from sendjay.protocol.events import Event, Parked, PlaceFree
from sendjay.protocol.objects import PlaceHolder
from sendjay.realtime.frames import text_frame
from sendjay.realtime.measures import PARKED
from sendjay.realtime.session import Session

GRACE_SECONDS = 5.0
"""How long a place whose line broke is kept for who had it, and how long an offer of it stands."""
PARKED_MOST = 5
LEFT_FOR_GOOD = frozenset({1000, 1001, int(Close.STOP)})
"""Close codes after which nobody comes back by itself: the page was closed, or its session has ended."""

Key = tuple[str, str]
"""(user, kind of device)."""

encode = msgspec.json.Encoder().encode


class Seat:
    """What one connection has said of the place it wants."""

    __slots__ = (
        "browser",
        "claims",
        "generation",
        "key",
        "name",
        "offered",
        "session_id",
        "standing",
        "told",
    )

    def __init__(
        self,
        key: Key,
        session_id: str,
        browser: str,
        name: str,
        standing: Literal["window", "background"],
        generation: int,
    ) -> None:
        self.key = key
        self.session_id = session_id
        self.browser = browser
        self.name = name
        self.standing = standing
        self.generation = generation
        """That it had last; 0: none."""
        self.offered = False
        self.told: PlaceHolder | None = None
        """By whom it was told that it is parked."""


class Slot:
    """One place: its holder, and the parked ones in the order in which they came."""

    __slots__ = ("generation", "holder", "left", "parked", "timer")

    def __init__(self) -> None:
        self.holder: Session | None = None
        self.generation = 0
        """The highest that is known here."""
        self.parked: list[Session] = []
        self.left: str = ""
        """The browser of who had it last."""
        self.timer: asyncio.TimerHandle | None = None


class Turn:
    """Whoever wants the same place waits for the one before."""

    __slots__ = ("lock", "users")

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.users = 0


class Verdict(Enum):
    """What somebody who wants the place gets."""

    GOES_ON = "goes on"
    """The place, which nobody else has had meanwhile."""
    TAKES = "takes"
    """The place, under a new generation."""
    PARKED = "parked"


class Places:
    """The places of this node. `detach` takes a connection off all lists of what is told."""

    def __init__(self, detach: Callable[[Session], None], grace_seconds: float = GRACE_SECONDS) -> None:
        self._detach = detach
        self._grace_seconds = grace_seconds
        self._slots: dict[Key, Slot] = {}
        self._turns: dict[Key, Turn] = {}

    def parked(self, user: str) -> tuple[Session, ...]:
        """All parked connections of a person."""
        slots = (self._slots.get((user, kind)) for kind in ("web", "app"))
        return tuple(session for slot in slots if slot is not None for session in slot.parked)

    @asynccontextmanager
    async def turn(self, key: Key) -> AsyncGenerator[None]:
        """From judging to giving nobody else is judged for the same place."""
        turn = self._turns.setdefault(key, Turn())
        turn.users += 1
        try:
            async with turn.lock:
                yield
        finally:
            turn.users -= 1
            if not turn.users:
                del self._turns[key]

    # What somebody gets

    def judge(self, session: Session, *, claim: bool, own: int, newest: int) -> Verdict:
        """`own`: the generation its session has on disk, `newest`: the highest of the person's sessions."""
        seat = _seat(session)
        slot = self._slots.get(seat.key) or Slot()
        newest = max(newest, slot.generation)
        holder = slot.holder
        is_newest = seat.generation == newest != 0
        comes_back = Verdict.GOES_ON if is_newest and own == newest else Verdict.TAKES
        if holder is session:
            return Verdict.GOES_ON
        if holder is None or holder.closed:
            is_free = claim or is_newest or newest == 0 or seat.offered
            return comes_back if is_free else Verdict.PARKED
        held = _seat(holder)
        same_browser = _is_same_browser(seat, held)
        if claim:
            yields = same_browser and seat.standing == "background" and held.standing == "window"
            return Verdict.PARKED if yields else Verdict.TAKES
        # No two pages have one generation: who says it is the page that has it, and its old line is dead.
        return comes_back if is_newest and same_browser else Verdict.PARKED

    def give(self, session: Session, generation: int) -> None:
        """This one has the place from now on; who had it is parked, or closed where it was the same page."""
        seat = _seat(session)
        slot = self._slots.setdefault(seat.key, Slot())
        former, slot.holder, slot.generation = slot.holder, session, generation
        is_same_page = former is not None and _seat(former).generation == generation
        seat.generation, seat.told, seat.offered = generation, None, False
        _unpark(slot, session)
        self._stop_timer(slot)
        for each in slot.parked:
            _seat(each).offered = False
        if former is not None and former is not session and not former.closed:
            self._detach(former)
            if is_same_page:
                former.seat = None
                former.close(Close.PARKED, "the same page is back")
            else:
                self._add_parked(slot, former)
        for each in tuple(slot.parked):
            self._tell_by_whom(slot, each)

    def park(self, session: Session) -> PlaceHolder:
        """Behind who has the place, or until it is known whether they come back. Who has it."""
        seat = _seat(session)
        slot = self._slots.setdefault(seat.key, Slot())
        if session not in slot.parked:
            self._add_parked(slot, session)
        seat.offered = False
        seat.told = _who_has(slot, seat)
        if slot.holder is None and slot.timer is None:
            self._wait(seat.key, slot)
        return seat.told

    def leave(self, session: Session, code: int) -> None:
        """A connection is over. Without a goodbye, the place is kept for it for a while."""
        seat, session.seat = session.seat, None
        slot = self._slots.get(seat.key) if seat is not None else None
        if seat is None or slot is None:
            return
        _unpark(slot, session)
        if slot.holder is session:
            slot.holder, slot.left = None, seat.browser
            self._stop_timer(slot)
            if code in LEFT_FOR_GOOD:
                self._offer(slot)
            self._wait(seat.key, slot)
        self._tidy(seat.key, slot)

    def stop(self) -> None:
        for slot in self._slots.values():
            self._stop_timer(slot)

    # Steps

    def _add_parked(self, slot: Slot, session: Session) -> None:
        slot.parked.append(session)
        PARKED.inc()
        while len(slot.parked) > PARKED_MOST:
            oldest = slot.parked[0]
            _unpark(slot, oldest)
            oldest.seat = None
            oldest.close(Close.PARKED, "used elsewhere")

    def _tell_by_whom(self, slot: Slot, session: Session) -> None:
        seat = _seat(session)
        by = _who_has(slot, seat)
        if by != seat.told:
            seat.told = by
            session.push_now(_frame(Parked(by)))

    def _offer(self, slot: Slot) -> None:
        """To those of the browser that had it before others, to the latest first."""
        waiting = [each for each in slot.parked if not each.closed and not _seat(each).offered]
        if waiting:
            best = max(enumerate(waiting), key=lambda each: (_seat(each[1]).browser == slot.left, each[0]))[1]
            _seat(best).offered = True
            best.push_now(_frame(PlaceFree()))

    def _wait(self, key: Key, slot: Slot) -> None:
        if any(not _seat(each).offered for each in slot.parked):
            loop = asyncio.get_running_loop()
            slot.timer = loop.call_later(self._grace_seconds, self._waited, key, slot)

    def _waited(self, key: Key, slot: Slot) -> None:
        """Still free: whoever was asked before may be frozen, so the next one is asked."""
        slot.timer = None
        if slot.holder is None:
            self._offer(slot)
            self._wait(key, slot)

    def _stop_timer(self, slot: Slot) -> None:
        if slot.timer is not None:
            slot.timer.cancel()
            slot.timer = None

    def _tidy(self, key: Key, slot: Slot) -> None:
        if slot.holder is None and not slot.parked:
            self._stop_timer(slot)
            self._slots.pop(key, None)


def _unpark(slot: Slot, session: Session) -> None:
    if session in slot.parked:
        slot.parked.remove(session)
        PARKED.dec()


def _who_has(slot: Slot, seat: Seat) -> PlaceHolder:
    if slot.holder is None:
        return PlaceHolder(seat.key[1], same_browser=slot.left == seat.browser)
    held = _seat(slot.holder)
    return PlaceHolder(held.key[1], held.name, _is_same_browser(held, seat))


def _is_same_browser(one: Seat, other: Seat) -> bool:
    return one.browser == other.browser or one.session_id == other.session_id


def _seat(session: Session) -> Seat:
    assert session.seat is not None
    return session.seat


def _frame(event: Event) -> bytes:
    return text_frame(encode(event))
