"""One place, as this node sees it: who sits there, here or at another node, and who waits here."""

from __future__ import annotations

import asyncio
from typing import Literal, Protocol

from msgspec import Struct

from sendjay.protocol.objects import PlaceHolder
from sendjay.realtime.session import Session

Key = tuple[str, str]
"""(user, kind of device)."""
Standing = Literal["window", "background"]


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
        "since",
        "standing",
        "told",
    )

    def __init__(
        self, key: Key, session_id: str, browser: str, name: str, standing: Standing, generation: int
    ) -> None:
        self.key = key
        self.session_id = session_id
        self.browser = browser
        self.name = name
        self.standing: Standing = standing
        self.generation = generation
        """That it had last; 0: none."""
        self.since = 0
        """When it got the place, by the database's clock: a page that moves to another node keeps its
        generation."""
        self.offered = False
        self.told: PlaceHolder | None = None
        """By whom it was told that it is parked."""


class Elsewhere(Struct, frozen=True):
    """Who has the place, at another node."""

    node: str
    generation: int
    since: int
    session_id: str
    browser: str
    name: str
    standing: Standing


class Slot:
    """One place: its holder, and the parked ones in the order in which they came."""

    __slots__ = ("elsewhere", "generation", "holder", "left", "left_here", "parked", "timer")

    def __init__(self) -> None:
        self.holder: Session | None = None
        self.elsewhere: Elsewhere | None = None
        """Never both."""
        self.generation = 0
        """The highest that is known here."""
        self.parked: list[Session] = []
        self.left: str = ""
        """The browser of who had it last."""
        self.left_here = False
        """Who had it last had it at this node."""
        self.timer: asyncio.TimerHandle | None = None

    def who(self) -> Seat | Elsewhere | None:
        """Who has the place now."""
        if self.holder is not None and not self.holder.closed:
            return seat_of(self.holder)
        return self.elsewhere


def seat_of(session: Session) -> Seat:
    assert session.seat is not None
    return session.seat


def is_same_browser(one: Seat | Elsewhere, other: Seat | Elsewhere) -> bool:
    return one.browser == other.browser or one.session_id == other.session_id


def age(held: Seat | Elsewhere) -> tuple[int, int]:
    """Of two who say that they have a place, the greater one has it."""
    return held.generation, held.since


def who_has(slot: Slot, seat: Seat) -> PlaceHolder:
    """Whom this one is parked behind."""
    held = slot.elsewhere if slot.holder is None else seat_of(slot.holder)
    if held is None:
        return PlaceHolder(seat.key[1], same_browser=slot.left == seat.browser)
    return PlaceHolder(seat.key[1], held.name, is_same_browser(held, seat))


class Others(Protocol):
    """The other nodes, where there are any: they learn who has a place here."""

    async def look(self, key: Key) -> None:
        """Learn who has it there."""
        ...

    def held(self, seat: Seat) -> None: ...

    def left(self, seat: Seat, *, for_good: bool) -> None: ...

    def no_longer(self, key: Key) -> None:
        """It was taken from here."""
        ...

    def offered(self, key: Key, generation: int) -> None: ...

    def first_refusal(self) -> float:
        """For so many seconds only those of the browser that had it are asked, at whichever node."""
        ...

    def make_sure(self, key: Key) -> None:
        """Call `offer_next` with whether the place is free there too."""
        ...
