"""Who has the one live place of each person and kind of device, and who is parked behind it.

Bookkeeping on the event loop: nothing here reads or writes. Only a person's act (`claim`) takes a place that
somebody has; coming back does not. So two browsers of one person never fight over it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import asynccontextmanager
from enum import Enum

import msgspec

from sendjay.protocol.errors import Close
from sendjay.protocol.events import Event, Parked
from sendjay.protocol.objects import PlaceHolder
from sendjay.realtime.frames import text_frame
from sendjay.realtime.measures import PARKED
from sendjay.realtime.offers import Offers
from sendjay.realtime.seats import (
    Elsewhere,
    Key,
    Others,
    Slot,
    age,
    is_same_browser,
    seat_of,
    who_has,
)
from sendjay.realtime.session import Session

GRACE_SECONDS = 5.0
"""How long a place whose line broke is kept for who had it, and how long an offer of it stands."""
PARKED_MOST = 5
LEFT_FOR_GOOD = frozenset({1000, 1001, int(Close.STOP)})
"""Close codes after which nobody comes back by itself: the page was closed, or its session has ended."""

encode = msgspec.json.Encoder().encode


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
        self._others: Others | None = None
        self._slots: dict[Key, Slot] = {}
        self.offers = Offers(self._slots, grace_seconds)
        self._turns: dict[Key, Turn] = {}

    def share(self, others: Others) -> None:
        """There are other nodes: tell them, and ask them."""
        self._others = self.offers.others = others

    def parked(self, user: str) -> tuple[Session, ...]:
        """All parked connections of a person."""
        slots = (self._slots.get((user, kind)) for kind in ("web", "app"))
        return tuple(session for slot in slots if slot is not None for session in slot.parked)

    def slot(self, key: Key) -> Slot | None:
        return self._slots.get(key)

    def slots(self) -> Iterable[tuple[Key, Slot]]:
        return tuple(self._slots.items())

    @asynccontextmanager
    async def turn(self, key: Key) -> AsyncGenerator[None]:
        """From judging to giving nobody else here is judged for the same place; who has it elsewhere is
        known.
        """
        turn = self._turns.setdefault(key, Turn())
        turn.users += 1
        try:
            async with turn.lock:
                if self._others is not None:
                    self._slots.setdefault(key, Slot())
                    await self._others.look(key)
                yield
        finally:
            turn.users -= 1
            if not turn.users:
                del self._turns[key]
                if (slot := self._slots.get(key)) is not None:
                    self._tidy(key, slot)

    # What somebody gets

    def newest(self, session: Session, newest: int) -> int:
        """The highest generation that is known: `newest` of the database, or a higher one that was heard of.
        A holder here who has been overtaken elsewhere is parked.
        """
        key = seat_of(session).key
        slot = self._slots.get(key)
        if slot is None:
            return newest
        if self._others is not None:
            self.overtaken(key, newest)
        return max(newest, slot.generation)

    def judge(self, session: Session, *, claim: bool, own: int, newest: int) -> Verdict:
        """`own`: the generation its session has on disk, `newest`: the highest that is known."""
        seat = seat_of(session)
        slot = self._slots.get(seat.key) or Slot()
        is_newest = seat.generation == newest != 0
        comes_back = Verdict.GOES_ON if is_newest and own == newest else Verdict.TAKES
        if slot.holder is session:
            return Verdict.GOES_ON
        held = slot.who()
        if held is None:
            is_free = claim or is_newest or newest == 0 or seat.offered
            return comes_back if is_free else Verdict.PARKED
        same_browser = is_same_browser(seat, held)
        if claim:
            yields = same_browser and seat.standing == "background" and held.standing == "window"
            return Verdict.PARKED if yields else Verdict.TAKES
        # No two pages have one generation: who says it is the page that has it, and its old line is dead.
        return comes_back if is_newest and same_browser else Verdict.PARKED

    def give(self, session: Session, generation: int, since: int) -> bool:
        """This one has the place from now on; who had it is parked, or closed where it was the same page.
        False: somebody at another node has it already, under a higher generation.
        """
        seat = seat_of(session)
        slot = self._slots.setdefault(seat.key, Slot())
        if generation < slot.generation:
            return False
        former, slot.holder, slot.elsewhere = slot.holder, session, None
        slot.generation = generation
        is_same_page = former is not None and seat_of(former).generation == generation
        seat.generation, seat.since, seat.told, seat.offered = generation, since, None, False
        _unpark(slot, session)
        self._displace(slot, former if former is not session else None, is_same_page=is_same_page)
        if self._others is not None:
            self._others.held(seat)
        return True

    def park(self, session: Session) -> PlaceHolder:
        """Behind who has the place, or until it is known whether they come back. Who has it."""
        seat = seat_of(session)
        slot = self._slots.setdefault(seat.key, Slot())
        if session not in slot.parked:
            self._add_parked(slot, session)
        seat.offered = False
        seat.told = who_has(slot, seat)
        if slot.who() is None and slot.timer is None:
            self.offers.wait(seat.key, slot)
        return seat.told

    def leave(self, session: Session, code: int) -> None:
        """A connection is over. Without a goodbye, the place is kept for it for a while."""
        seat, session.seat = session.seat, None
        slot = self._slots.get(seat.key) if seat is not None else None
        if seat is None or slot is None:
            return
        _unpark(slot, session)
        if slot.holder is session:
            for_good = code in LEFT_FOR_GOOD
            slot.holder, slot.left, slot.left_here = None, seat.browser, True
            if self._others is not None:
                self._others.left(seat, for_good=for_good)
            self.offers.freed(seat.key, slot, for_good=for_good)
        self._tidy(seat.key, slot)

    # What happened at other nodes

    def held_elsewhere(self, key: Key, by: Elsewhere) -> None:
        """Somebody has the place there, unless somebody here has it by now."""
        slot = self._slots.get(key)
        if slot is None or by.generation < slot.generation:
            return
        held = slot.elsewhere if slot.holder is None else seat_of(slot.holder)
        if held is not None and age(held) > age(by):
            if self._others is not None and slot.holder is not None:
                self._others.held(seat_of(slot.holder))  # they have not heard of it
            return
        former, slot.holder, slot.elsewhere = slot.holder, None, by
        slot.generation, slot.left_here = by.generation, False
        is_same_page = former is not None and seat_of(former).generation == by.generation
        if former is not None and self._others is not None:
            self._others.no_longer(key)
        self._displace(slot, former, is_same_page=is_same_page)
        self._tidy(key, slot)

    def left_elsewhere(self, key: Key, generation: int, browser: str, *, for_good: bool) -> None:
        """Whoever had it there under this generation is gone."""
        slot = self._slots.get(key)
        if slot is None or slot.holder is not None or generation < slot.generation:
            return
        slot.elsewhere, slot.left, slot.left_here = None, browser, False
        slot.generation = generation
        self.offers.freed(key, slot, for_good=for_good)
        self._tidy(key, slot)

    def overtaken(self, key: Key, newest: int) -> None:
        """The database knows a higher generation: somebody has taken the place at another node."""
        slot = self._slots.get(key)
        if slot is None or newest <= slot.generation:
            return
        former, slot.holder, slot.elsewhere = slot.holder, None, None
        slot.generation, slot.left, slot.left_here = newest, "", False
        self._displace(slot, former, is_same_page=False)
        self.offers.wait(key, slot)
        self._tidy(key, slot)

    def not_elsewhere(self, key: Key, held: Elsewhere) -> None:
        """It turned out that this one has the place no more."""
        slot = self._slots.get(key)
        if slot is not None and slot.elsewhere is held:
            self.left_elsewhere(key, held.generation, held.browser, for_good=False)

    # Steps

    def _displace(self, slot: Slot, former: Session | None, *, is_same_page: bool) -> None:
        """Somebody else has the place now."""
        self.offers.stop_timer(slot)
        for each in slot.parked:
            seat_of(each).offered = False
        if former is not None and not former.closed:
            self._detach(former)
            if is_same_page:
                former.seat = None
                former.close(Close.PARKED, "the same page is back")
            else:
                self._add_parked(slot, former)
        for each in tuple(slot.parked):
            self._tell_by_whom(slot, each)

    def _add_parked(self, slot: Slot, session: Session) -> None:
        slot.parked.append(session)
        PARKED.inc()
        while len(slot.parked) > PARKED_MOST:
            oldest = slot.parked[0]
            _unpark(slot, oldest)
            oldest.seat = None
            oldest.close(Close.PARKED, "used elsewhere")

    def _tell_by_whom(self, slot: Slot, session: Session) -> None:
        seat = seat_of(session)
        by = who_has(slot, seat)
        if by != seat.told:
            seat.told = by
            session.push_now(_frame(Parked(by)))

    def _tidy(self, key: Key, slot: Slot) -> None:
        if slot.holder is None and not slot.parked and key not in self._turns:
            self.offers.stop_timer(slot)
            self._slots.pop(key, None)


def _unpark(slot: Slot, session: Session) -> None:
    if session in slot.parked:
        slot.parked.remove(session)
        PARKED.dec()


def _frame(event: Event) -> bytes:
    return text_frame(encode(event))
