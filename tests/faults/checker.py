"""What must hold after any trouble: every client's record against the database and a fresh look at it."""

from __future__ import annotations

import asyncio

from tests.clients import Json
from tests.faults.people import Resident
from tests.faults.world import World
from tests.promises.recount import recount_unread

SETTLING_SECONDS = 20.0
ENDS = ("removed", "left")


async def check(world: World, residents: list[Resident], guest: Resident) -> None:
    """G1 to G6, G8 and G9, of all that was said and seen in this world."""
    everybody = [*residents, guest]
    timelines = await _timelines(world, residents)
    _acknowledged_is_there_once(residents, timelines)
    _positions_have_no_gap(world)
    await _everybody_holds_what_a_fresh_page_would(everybody)
    _nobody_heard_what_was_not_theirs(guest, timelines)
    for each in everybody:
        assert not each.model.broken, each.model.broken
        _unread_is_a_recount(world, each)
        _marks_are_kept(world, each)


async def _timelines(world: World, residents: list[Resident]) -> dict[str, list[Json]]:
    rooms = {answer["room"] for resident in residents for answer in resident.acked.values()}
    # The first is in all of them.
    client = await residents[0].come_back()
    return {room: await client.timeline(room) for room in sorted(rooms)}


def _acknowledged_is_there_once(residents: list[Resident], timelines: dict[str, list[Json]]) -> None:
    """G1, G2: each key once, where its sender was told that it is."""
    for resident in residents:
        own = {room: {} for room in timelines}
        for room, rows in timelines.items():
            for row in rows:
                key = row.get("client_id")
                if row["sender"] == resident.person.id and key is not None:
                    assert key not in own[room], f"{key} is there twice"
                    own[room][key] = row
        for key, ack in resident.acked.items():
            row = own[ack["room"]].get(key)
            assert row is not None, f"{key} was acknowledged and is gone"
            assert row["seq"] == ack["seq"]


def _positions_have_no_gap(world: World) -> None:
    """G3."""
    rooms = world.here.rows("SELECT room_id, seq FROM rooms ORDER BY room_id")
    for room, last in rooms:
        rows = world.here.rows(
            "SELECT seq, version, sent_at FROM messages WHERE room_id = ? ORDER BY seq", room
        )
        assert [row[0] for row in rows] == list(range(1, last + 1))
        # What was committed later was said later.
        assert [row[1] for row in rows] == sorted(row[1] for row in rows)
        assert [row[2] for row in rows] == sorted(row[2] for row in rows)


async def _everybody_holds_what_a_fresh_page_would(residents: list[Resident]) -> None:
    """G4, G5, G6: without another word being said, each comes to the state of the database by itself."""
    for resident in residents:
        await resident.come_back()
    end = asyncio.get_running_loop().time() + SETTLING_SECONDS
    for resident in residents:
        model = resident.model
        while True:
            await model.idle()
            fresh = await asyncio.to_thread(model.fresh_state)
            if model.state() == fresh:
                break
            assert asyncio.get_running_loop().time() < end, _difference(resident, fresh)
            await asyncio.sleep(0.2)


def _difference(resident: Resident, fresh: Json) -> str:
    held = resident.model.state()
    rooms = [
        (room, held["rooms"].get(room, {}), fresh["rooms"].get(room, {})) for room in _all_rooms(held, fresh)
    ]
    parts = [
        f"{room} {part}: {mine.get(part)} and not {right.get(part)}"
        for room, mine, right in rooms
        for part in ("head", "mine", "members")
        if mine.get(part) != right.get(part)
    ]
    line = "with a line" if resident.is_here else "without a line"
    at = "here" if resident.model.server is resident.world.here else "there"
    return (
        f"{resident.person.id} {at} {line} {resident.model.broken} holds {held['personal']} and not "
        f"{fresh['personal']}; {parts or 'other rows'}"
    )


def _all_rooms(held: Json, fresh: Json) -> set[str]:
    return {*held["rooms"], *fresh["rooms"]}


def _nobody_heard_what_was_not_theirs(guest: Resident, timelines: dict[str, list[Json]]) -> None:
    """G9: between the word that somebody is out and the word that they are in again, they hear nothing."""
    for room, rows in timelines.items():
        changes = [
            (row["version"], row["notice"]["type"] in ENDS)
            for row in rows
            if row.get("kind") == "notice" and guest.person.id in row["notice"].get("people", [])
        ]
        for event in guest.model.heard:
            if event["room"] == room:
                before = [is_out for version, is_out in changes if version <= event["version"]]
                assert before, f"heard {event} before they came"
                assert not before[-1], f"heard {event} after the end"


def _unread_is_a_recount(world: World, resident: Resident) -> None:
    """G8."""
    with world.here.rest(resident.person.tokens[2]) as rest:
        listed = rest.get("/api/rooms").raise_for_status().json().get("rooms", [])
    told = {view["room"]["id"]: view["mine"].get("unread", 0) for view in listed}
    assert told == recount_unread(world.here, resident.person.id)


def _marks_are_kept(world: World, resident: Resident) -> None:
    """G1, of cursors."""
    rows = world.here.rows("SELECT room_id, read_seq FROM members WHERE user_id = ?", resident.person.id)
    kept = dict(tuple(row) for row in rows)
    for room, seq in resident.marked.items():
        assert kept[room] >= seq
