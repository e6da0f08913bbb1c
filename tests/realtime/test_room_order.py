"""Whatever the bus does to the news of several nodes, those here are told each once and in order."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from sendjay.realtime.frames import payloads, text_frame
from sendjay.realtime.nodes import order as order_module
from sendjay.realtime.nodes.news import Block
from sendjay.realtime.nodes.order import Missing, RoomOrder

ROOM = "a"


class Stage:
    """A room in a database, and what one node tells of it."""

    def __init__(self, plain: Mapping[int, bool]) -> None:
        self.now = 0
        self.plain = plain
        """Versions that rows alone say exactly (or not)."""
        self.told: list[int] = []
        self.reads = 0
        self.order = RoomOrder(self._tell, self._behind, self._load)
        self.order.begin(ROOM, 0)

    def block(self, first: int, last: int) -> Block:
        """Committed: from here on the database has it."""
        self.now = max(self.now, last)
        frames = b"".join(text_frame(b"%d" % version) for version in range(first, last + 1))
        return Block(ROOM, first, last, 1, frames)

    def _tell(self, block: Block) -> None:
        versions = [int(payload) for payload in payloads(block.frames)]
        assert versions == list(range(block.first, block.last + 1))
        self.told += versions

    def _behind(self, _room: str, _members_version: int) -> None:
        # They sync, which brings all up to now.
        self.told += range(self.told[-1] + 1 if self.told else 1, self.now + 1)

    async def _load(self, held: Mapping[str, int]) -> Mapping[str, Missing]:
        self.reads += 1
        await asyncio.sleep(0)
        since, now = held[ROOM], self.now
        versions = range(since + 1, now + 1)
        exact = all(self.plain.get(version, True) for version in versions)
        frames = tuple(text_frame(b"%d" % version) for version in versions) if exact else None
        return {ROOM: Missing(since, now, 1, frames)}


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[tuple[int, int]], list[int], dict[int, bool]]:
    """Blocks that cut up a history; the order in which they come, some of them twice and some never."""
    lengths = draw(st.lists(st.integers(1, 4), min_size=1, max_size=12))
    blocks: list[tuple[int, int]] = []
    at = 0
    for length in lengths:
        blocks.append((at + 1, at + length))
        at += length
    coming = draw(st.lists(st.integers(0, len(blocks) - 1), max_size=20))
    return blocks, coming, draw(st.dictionaries(st.integers(1, at), st.booleans(), max_size=4))


@given(histories())
@settings(max_examples=300, deadline=None)
def test_reordered_doubled_and_lost_news_are_told_once_and_in_order(
    history: tuple[list[tuple[int, int]], list[int], dict[int, bool]],
) -> None:
    blocks, coming, plain = history

    async def play() -> Stage:
        stage = Stage(plain)
        made = [stage.block(*each) for each in blocks]
        for index in coming:
            stage.order.take(made[index])
            await asyncio.sleep(0)
        # What the sweep does.
        stage.order.expect(ROOM, stage.now)
        for _ in range(20):
            if stage.order.told(ROOM) == stage.now:
                break
            await asyncio.sleep(0.005)
        await stage.order.stop()
        return stage

    patience, order_module.PATIENCE_SECONDS = order_module.PATIENCE_SECONDS, 0.002
    try:
        stage = asyncio.run(play())
    finally:
        order_module.PATIENCE_SECONDS = patience
    assert stage.told == list(range(1, blocks[-1][1] + 1))


async def test_what_comes_early_waits_and_needs_no_database() -> None:
    stage = Stage({})
    made = [stage.block(n, n) for n in (1, 2, 3)]
    for index in (2, 1, 0):
        stage.order.take(made[index])
    assert stage.told == [1, 2, 3]
    await asyncio.sleep(0.08)
    assert stage.reads == 0


async def test_a_hole_is_read_once_however_many_wait_behind_it() -> None:
    stage = Stage({})
    lost, *rest = [stage.block(n, n) for n in range(1, 50)]
    for block in rest:
        stage.order.take(block)
    assert stage.told == []
    await asyncio.sleep(0.12)
    assert stage.told == list(range(1, 50))
    assert stage.reads == 1
    stage.order.take(lost)
    assert len(stage.told) == 49


async def test_who_holds_less_than_the_others_is_told_what_they_lack() -> None:
    stage = Stage({})
    for block in [stage.block(n, n) for n in (1, 2, 3)]:
        stage.order.take(block)
    stage.order.reread(ROOM, 1)
    await asyncio.sleep(0.02)
    assert stage.told == [1, 2, 3, 2, 3]


async def test_nothing_is_kept_of_rooms_that_nobody_here_is_in() -> None:
    stage = Stage({})
    stage.order.take(stage.block(2, 2))
    stage.order.forget(ROOM)
    stage.order.take(stage.block(3, 3))
    stage.order.expect(ROOM, 3)
    await asyncio.sleep(0.08)
    assert stage.told == []
    assert stage.reads == 0
