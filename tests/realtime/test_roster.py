"""Who is told of what, while a room's member list is being read."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from sendjay.protocol.errors import Code, Refused
from sendjay.realtime import roster as roster_module
from sendjay.realtime.roster import Roster


async def test_who_comes_in_while_the_list_is_read_does_not_hear_what_was_said_before() -> None:
    told: list[tuple[tuple[str, ...], bytes]] = []
    reading = asyncio.Event()

    async def load(_room: str) -> tuple[int, tuple[str, ...]]:
        await reading.wait()
        return 5, ("old", "new")

    def tell(_room: str, people: Sequence[str], frames: bytes) -> None:
        told.append((tuple(people), frames))

    roster = Roster(load, tell, 10)
    roster.deliver("room", 3, b"said among the old")
    await asyncio.sleep(0)
    roster.learn("room", 5, ("old", "new"))
    roster.deliver("room", 5, b"new has come")
    roster.deliver("room", 5, b"welcome")
    reading.set()
    await asyncio.sleep(0.01)
    assert told == [(("old", "new"), b"new has come"), (("old", "new"), b"welcome")]


async def test_a_list_that_was_read_ahead_of_the_news_tells_newcomers_nothing_of_before() -> None:
    told: list[tuple[tuple[str, ...], bytes]] = []

    async def load(_room: str) -> tuple[int, tuple[str, ...]]:
        return 5, ("old", "new")

    def tell(_room: str, people: Sequence[str], frames: bytes) -> None:
        told.append((tuple(people), frames))

    roster = Roster(load, tell, 10)
    roster.deliver("room", 3, b"said among the old")
    await asyncio.sleep(0.01)
    roster.deliver("room", 3, b"said among the old, told after the list was read")
    roster.learn("room", 5, ("old", "new"))
    roster.deliver("room", 5, b"new has come")
    assert told == [(("old", "new"), b"new has come")]


async def test_what_was_said_before_the_database_went_away_is_told_when_it_is_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(roster_module, "AGAIN_SECONDS", 0.001)
    told: list[bytes] = []
    away = [Refused(Code.BUSY)] * 3

    async def load(_room: str) -> tuple[int, tuple[str, ...]]:
        if away:
            raise away.pop()
        return 3, ("one", "two")

    roster = Roster(load, lambda _room, _people, frames: told.append(frames), 10)
    roster.deliver("room", 3, b"first")
    roster.deliver("room", 3, b"second")
    await asyncio.sleep(0.1)
    assert told == [b"first", b"second"]
