"""A large room is told without holding up those who talk elsewhere."""

from __future__ import annotations

import asyncio

from sendjay.realtime.dispatch import Dispatcher
from sendjay.realtime.fanout import GAP_SECONDS, OTHERS_SECONDS, SLICE, SMALL_SLICE, FanOut
from sendjay.realtime.limits import ConnectionLimits
from sendjay.realtime.session import Session
from tests.realtime.test_hub import Wire, make_hub

CROWD = tuple(f"member{number}" for number in range(1_000))
PAIR = ("kim", "lee")


def seat(people: tuple[str, ...]) -> tuple[FanOut, dict[str, Wire]]:
    hub, wires = make_hub(), {person: Wire() for person in people}
    by_user = {
        person: (Session(wire, Dispatcher(), ConnectionLimits(), person, "", hub.lost),)
        for person, wire in wires.items()
    }
    return FanOut(by_user), wires


def told(wires: dict[str, Wire]) -> int:
    return sum(bool(wires[person].sent) for person in CROWD)


async def all_heard(wires: dict[str, Wire], expected: bytes) -> None:
    for _ in range(1_000):
        if all(wires[person].sent == expected for person in CROWD):
            return
        await asyncio.sleep(0.01)
    raise AssertionError("not everybody has heard everything")


async def most_at_once(wires: dict[str, Wire]) -> int:
    """Of the crowd in one turn of the loop, until all have been told."""
    most, before = 0, told(wires)
    while before < len(CROWD):
        await asyncio.sleep(0)
        now = told(wires)
        most, before = max(most, now - before), now
    return most


async def test_a_crowd_alone_is_told_in_slices() -> None:
    fanout, wires = seat(CROWD)
    fanout.tell_room("crowd", CROWD, b"hello")
    assert await most_at_once(wires) == SLICE


async def test_while_others_talk_slices_are_small_and_leave_the_loop_free_between_them() -> None:
    fanout, wires = seat((*CROWD, *PAIR))
    fanout.tell_room("crowd", CROWD, b"hello")
    loop, before = asyncio.get_running_loop(), told(wires)
    began, slices, sizes = loop.time(), 0, set[int]()
    async with asyncio.timeout(10):
        while before < len(CROWD):
            heard, said = wires["kim"].sent, loop.time()
            fanout.tell_room("pair", PAIR, b"hi")
            assert wires["kim"].sent == heard + b"hi", "at once"
            await asyncio.sleep(0)
            talked = loop.time() - said < OTHERS_SECONDS
            if (now := told(wires)) > before:
                slices += 1
                # On a machine that stood still meanwhile nobody else talked; the last slice is what is left.
                sizes |= {now - before} if talked and now < len(CROWD) else set()
                before = now
    assert sizes == {SMALL_SLICE}
    assert loop.time() - began >= slices * GAP_SECONDS / 2, "most of the time belongs to others"


async def test_a_crowd_hears_everything_in_order_however_others_talk() -> None:
    fanout, wires = seat((*CROWD, *PAIR))
    for number in range(50):
        fanout.tell_room("crowd", CROWD, b"%d " % number)
        if number % 3 == 0:
            fanout.tell_room("pair", PAIR, b"hi")
        await asyncio.sleep(0.001)
    expected = b"".join(b"%d " % number for number in range(50))
    await all_heard(wires, expected)


async def test_where_a_member_goes_the_rest_hear_what_was_said_before_at_once() -> None:
    fanout, wires = seat((*CROWD, *PAIR))
    fanout.tell_room("crowd", CROWD, b"one ")
    fanout.tell_room("pair", PAIR, b"hi")
    fanout.tell_room("crowd", CROWD, b"two ")
    fanout.finish("crowd")
    fanout.tell_room("crowd", CROWD, b"three")
    await all_heard(wires, b"one two three")
