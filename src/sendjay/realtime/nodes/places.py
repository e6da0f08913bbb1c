"""Places over several nodes: who has one here is told to the others, and noted in Redis for those who come.

Redis holds a hash for each place, with a field for each node that somebody has it at: no node ever writes
another one's. What is noted counts as long as its node lives. It is noted before it is told, so who reads
after they have begun to listen misses nothing. The generation in the database has the last word: what Redis
forgets or brings late makes a page wait, or two live for as long as the next look into the database takes.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Coroutine
from typing import Any

import msgspec

from sendjay.realtime.bus.bus import Bus, BusDown
from sendjay.realtime.nodes import news
from sendjay.realtime.nodes.news import PlaceHeld, PlaceLeft, PlaceOffered
from sendjay.realtime.nodes.others import RETURN_SECONDS, OtherNodes
from sendjay.realtime.nodes.relay import Relay
from sendjay.realtime.nodes.together import Together
from sendjay.realtime.places import Places
from sendjay.realtime.seats import Elsewhere, Key, Seat, age, seat_of

NOTED_SECONDS = 6 * 3600
"""A note is forgotten then, unless it was renewed."""
RENEW_SECONDS = 3600.0
RENEWED_AT_ONCE = 500
FIRST_REFUSAL_SECONDS = (0.2, 0.6)
"""In a random one of these times the next node comes after those with a page of the browser that left."""

_decode_note = msgspec.msgpack.Decoder(PlaceHeld).decode


class SharedPlaces:
    """`Places` calls it as its `Others`. `start` once the bus is."""

    def __init__(
        self, places: Places, bus: Bus, others: OtherNodes, together: Together, relay: Relay
    ) -> None:
        self._places = places
        self._bus = bus
        self._others = others
        self._together = together
        self._at_work: dict[Key, asyncio.Task[None]] = {}
        self._renewing: asyncio.Task[None] | None = None
        self._looking_again: asyncio.Task[None] | None = None
        places.share(self)
        relay.when_told(PlaceHeld, self._hear_held)
        relay.when_told(PlaceLeft, self._hear_left)
        relay.when_told(PlaceOffered, self._hear_offered)
        others.when_gone(self._node_gone)
        bus.when_changed(self._bus_changed)

    def start(self) -> None:
        self._renewing = asyncio.create_task(self._renew_for_ever(), name="places")

    async def stop(self) -> None:
        own = [task for task in (self._renewing, self._looking_again) if task is not None]
        tasks = [*self._at_work.values(), *own]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    # What Places asks and says

    async def look(self, key: Key) -> None:
        """Does nothing while the bus is down: what is known stands, and the database decides."""
        slot = self._places.slot(key)
        before = slot.elsewhere if slot is not None else None
        try:
            answer = await self._together.ask("HGETALL", self._note(key))
        except BusDown:
            return
        found = self._newest(key, answer)
        if found is not None and (slot is None or found.generation >= slot.generation):
            self._places.held_elsewhere(key, found)
        elif before is not None:
            self._places.not_elsewhere(key, before)

    def held(self, seat: Seat) -> None:
        told = PlaceHeld(
            *seat.key,
            self._bus.node,
            seat.generation,
            seat.since,
            seat.session_id,
            seat.browser,
            seat.name,
            seat.standing,
        )
        packed, note = news.encode(told), self._note(seat.key)

        def noted(_answer: object) -> None:
            self._bus.publish(f"u:{told.person}", packed)

        self._together.say("HSET", note, self._bus.node, packed, then=noted)
        self._together.say("EXPIRE", note, NOTED_SECONDS, then=_ignore)

    def left(self, seat: Seat, *, for_good: bool) -> None:
        user, kind = seat.key
        told = PlaceLeft(user, kind, self._bus.node, seat.generation, seat.browser, for_good)

        def struck(_answer: object) -> None:
            self._bus.publish(f"u:{user}", news.encode(told))

        self._together.say("HDEL", self._note(seat.key), self._bus.node, then=struck)

    def no_longer(self, key: Key) -> None:
        self._together.say("HDEL", self._note(key), self._bus.node, then=_ignore)

    def offered(self, key: Key, generation: int) -> None:
        self._bus.publish(f"u:{key[0]}", news.encode(PlaceOffered(*key, generation)))

    def first_refusal(self) -> float:
        return random.uniform(*FIRST_REFUSAL_SECONDS)

    def make_sure(self, key: Key) -> None:
        self._begin(key, self._make_sure)

    def _begin(self, key: Key, looking: Callable[[Key], Coroutine[None, None, None]]) -> None:
        """One at a time for each place."""
        if key not in self._at_work:
            task = self._at_work[key] = asyncio.get_running_loop().create_task(looking(key))
            task.add_done_callback(lambda _: self._at_work.pop(key, None))

    async def _make_sure(self, key: Key) -> None:
        if self._others.are_back():
            await self.look(key)
            self._places.offers.offer_next(key, is_free=True)
            return
        # Nobody can say who has it elsewhere. Free is only what was left here, and nobody took since.
        slot = self._places.slot(key)
        self._places.offers.offer_next(key, is_free=slot is not None and slot.left_here)

    # What other nodes say

    def _hear_held(self, told: PlaceHeld) -> None:
        if self._others.lives(told.node):
            self._places.held_elsewhere((told.person, told.kind), _elsewhere(told))

    def _hear_left(self, told: PlaceLeft) -> None:
        key = (told.person, told.kind)
        slot = self._places.slot(key)
        if slot is None:
            return
        held = slot.elsewhere
        if held is not None and held.node != told.node and told.generation == held.generation:
            # An old line of the same page, which has gone on at a third node; or that one has not heard yet.
            self._begin(key, self.look)
        else:
            self._places.left_elsewhere(key, told.generation, told.browser, for_good=told.for_good)

    def _hear_offered(self, told: PlaceOffered) -> None:
        self._places.offers.offered_elsewhere((told.person, told.kind), told.generation)

    def _node_gone(self, node: str, was_lost: bool) -> None:
        """Whoever was at a lost node has had the time of its lease to come back."""
        for key, slot in self._places.slots():
            held = slot.elsewhere
            if held is not None and held.node == node:
                self._places.left_elsewhere(key, held.generation, held.browser, for_good=was_lost)

    # Notes

    def _note(self, key: Key) -> str:
        return self._bus.key("place:{}:{}".format(*key))

    def _newest(self, key: Key, answer: Any) -> Elsewhere | None:
        """Of those noted at nodes that live. What is left of others is struck out."""
        found: list[Elsewhere] = []
        for name, packed in _pairs(answer):
            node = name.decode()
            if node == self._bus.node:
                continue
            if self._others.lives(node):
                found.append(_elsewhere(_decode_note(packed)))
            else:
                self._together.say("HDEL", self._note(key), node, then=_ignore)
        return max(found, key=age, default=None)

    def _bus_changed(self, is_up: bool) -> None:
        """Redis may be a new, empty one, and the others may have heard nothing for a while."""
        if not is_up:
            return
        for _, slot in self._places.slots():
            if slot.holder is not None and not slot.holder.closed:
                self.held(seat_of(slot.holder))
        if self._looking_again is not None:
            self._looking_again.cancel()
        self._looking_again = asyncio.get_running_loop().create_task(self._look_again())

    async def _look_again(self) -> None:
        """Who is parked behind somebody of whose end nothing was heard; once the others are back too."""
        await asyncio.sleep(RETURN_SECONDS)
        for key, slot in self._places.slots():
            if slot.parked and slot.elsewhere is not None:
                await self.look(key)

    async def _renew_for_ever(self) -> None:
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            held = [slot.holder for _, slot in self._places.slots() if slot.holder is not None]
            for begin in range(0, len(held), RENEWED_AT_ONCE):
                for session in held[begin : begin + RENEWED_AT_ONCE]:
                    if session.seat is not None and not session.closed:
                        self.held(session.seat)
                await asyncio.sleep(1)


def _elsewhere(told: PlaceHeld) -> Elsewhere:
    return Elsewhere(
        told.node, told.generation, told.since, told.session, told.browser, told.name, told.standing
    )


def _pairs(answer: Any) -> list[tuple[bytes, bytes]]:
    """A hash as RESP 2 brings it, or as the client has already made it of that."""
    if isinstance(answer, dict):
        return list(answer.items())  # pyright: ignore[reportUnknownArgumentType,reportUnknownVariableType]
    return list(zip(answer[::2], answer[1::2], strict=True))


def _ignore(_answer: object) -> None:
    pass
