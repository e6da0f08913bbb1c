"""A place that nobody has: it is offered to one parked page at a time, by and by to all of them."""

from __future__ import annotations

import asyncio

import msgspec

from sendjay.protocol.events import PlaceFree
from sendjay.realtime.frames import text_frame
from sendjay.realtime.seats import Key, Others, Slot, seat_of

_FREE = text_frame(msgspec.json.encode(PlaceFree()))


class Offers:
    """`slots` are those of this node's places."""

    def __init__(self, slots: dict[Key, Slot], grace_seconds: float) -> None:
        self._slots = slots
        self.grace_seconds = grace_seconds
        self.others: Others | None = None

    def freed(self, key: Key, slot: Slot, *, for_good: bool) -> None:
        """Nobody has it any more."""
        self.stop_timer(slot)
        if for_good:
            has_first = any(seat_of(each).browser == slot.left for each in slot.parked)
            if self.others is not None and not has_first and slot.parked:
                loop = asyncio.get_running_loop()
                slot.timer = loop.call_later(self.others.first_refusal(), self._waited, key, slot)
                return
            self._offer(key, slot)
        self.wait(key, slot)

    def offered_elsewhere(self, key: Key, generation: int) -> None:
        """Somebody parked there was asked first: they have their time to answer."""
        slot = self._slots.get(key)
        if slot is not None and slot.who() is None and generation == slot.generation:
            self.wait(key, slot)

    def offer_next(self, key: Key, *, is_free: bool) -> None:
        """It is known now whether the place is free at all nodes; where it is not, this is asked again."""
        slot = self._slots.get(key)
        if slot is None or slot.who() is not None:
            return
        if is_free:
            self._offer(key, slot)
        self.wait(key, slot)

    def wait(self, key: Key, slot: Slot) -> None:
        self.stop_timer(slot)
        if any(not seat_of(each).offered for each in slot.parked):
            loop = asyncio.get_running_loop()
            slot.timer = loop.call_later(self.grace_seconds, self._waited, key, slot)

    def stop_timer(self, slot: Slot) -> None:
        if slot.timer is not None:
            slot.timer.cancel()
            slot.timer = None

    def stop(self) -> None:
        for slot in self._slots.values():
            self.stop_timer(slot)

    # Steps

    def _offer(self, key: Key, slot: Slot) -> None:
        """To those of the browser that had it before others, to the latest first."""
        waiting = [each for each in slot.parked if not each.closed and not seat_of(each).offered]
        if waiting:
            own = [each for each in waiting if seat_of(each).browser == slot.left]
            best = (own or waiting)[-1]
            seat_of(best).offered = True
            best.push_now(_FREE)
            if self.others is not None:
                self.others.offered(key, slot.generation)

    def _waited(self, key: Key, slot: Slot) -> None:
        """Still free: whoever was asked before may be frozen, so the next one is asked."""
        slot.timer = None
        if slot.who() is not None:
            return
        if self.others is None:
            self.offer_next(key, is_free=True)
        else:
            self.others.make_sure(key)
