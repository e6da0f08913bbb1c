"""Some people talk at two nodes, something is harmed and made whole again, and all is checked."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from tests.clients import RefusedError, new_key
from tests.faults.checker import check
from tests.faults.people import Resident, gather
from tests.faults.world import World
from tests.serving import eventually

RECOVERY_SECONDS = 45.0
BEFORE_SECONDS = 0.8
AFTER_SECONDS = 0.8
TALKERS = 5
TALKS_LEAST = 50
"""So many at least are acknowledged before it ends."""

Harm = Callable[[World, random.Random], Awaitable[None]]
"""Breaks something, waits, mends it."""


@dataclass
class Outcome:
    """What came of it."""

    acked: int
    recovered_in: float
    """Seconds from the mending until everybody had something acknowledged again."""
    codes: set[str]
    """What people were told meanwhile."""


async def live_through(world: World, harm: Harm) -> Outcome:
    """Raises AssertionError with the seed where a promise was broken."""
    chance = world.chance()
    *people, away = world.here.some(TALKERS + 1)
    residents = [Resident(world, person, random.Random(chance.random())) for person in people]
    guest = Resident(world, away, random.Random(chance.random()))
    try:
        outcome = await _live(world, harm, chance, residents, guest)
        await check(world, residents, guest)
    except Exception as error:
        raise AssertionError(f"With seed {world.seed}: {error!r}") from error
    finally:
        for each in (*residents, guest):
            await each.leave()
    return outcome


async def _live(
    world: World, harm: Harm, chance: random.Random, residents: list[Resident], guest: Resident
) -> Outcome:
    rooms = await _make_rooms(residents)
    everybody = (*residents, guest)
    await guest.come_back()
    for each in residents:
        # Who has it open holds the cursors, too.
        each.model.show(rooms[0])
    loop = asyncio.get_running_loop()
    recovered_in = 0.0

    def said() -> int:
        return sum(len(each.acked) for each in residents)

    async def direct() -> None:
        nonlocal recovered_in
        await asyncio.sleep(BEFORE_SECONDS)
        await harm(world, chance)
        mended = loop.time()
        async with asyncio.timeout(RECOVERY_SECONDS):
            await gather(*(each.has_ack_after(mended) for each in residents))
        recovered_in = loop.time() - mended
        await asyncio.sleep(AFTER_SECONDS)
        # On a slow disk little was said until now.
        await asyncio.to_thread(eventually, lambda: said() > TALKS_LEAST, RECOVERY_SECONDS)
        for each in everybody:
            each.is_over = True

    shared, *direct_rooms = rooms
    await gather(
        direct(),
        _come_and_go(residents[0], guest, shared),
        *(each.live([shared, *direct_rooms[number : number + 1]]) for number, each in enumerate(residents)),
    )
    codes = {code for each in everybody for code in each.codes}
    return Outcome(said(), recovered_in, codes)


async def _make_rooms(residents: list[Resident]) -> list[str]:
    """One of all, whose master is the first; and one of two for each of the others with the first."""
    master = residents[0]
    ids = [each.person.id for each in residents[1:]]
    asked = [ids, *([each] for each in ids)]
    answers = [await master.insist("room.create", client_id=new_key(), people=people) for people in asked]
    shared, *pairs = (answer["room"]["room"]["id"] for answer in answers)
    return [shared, pairs[0], *pairs]


async def _come_and_go(master: Resident, guest: Resident, room: str) -> None:
    """Invited, there for a while, removed; at another pace than all the talk."""
    while not master.is_over:
        await master.insist("room.invite", client_id=new_key(), room=room, people=[guest.person.id])
        await asyncio.sleep(0.1)
        await guest.come_back()
        with suppress(RefusedError):
            # Asked again after a lost answer, it was done already.
            await master.insist("room.remove", room=room, person=guest.person.id)
        await asyncio.sleep(0.05)
