"""Nodes and Redis come and go in the middle of traffic: no promise is broken, and all goes on by itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults import harms
from tests.faults.story import TALKS_LEAST, Harm, live_through
from tests.faults.world import World, run_world


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with run_world(tmp_path_factory.mktemp("world"), "postgresql") as world:
        yield world


@pytest.mark.parametrize(
    "harm",
    [
        harms.kill_a_node,
        harms.stall_a_node,
        harms.kill_redis,
        harms.pause_redis,
        harms.part_a_node_from_redis,
    ],
)
async def test_nothing_is_lost_doubled_or_seen_by_others(world: World, harm: Harm) -> None:
    outcome = await live_through(world, harm)
    assert outcome.acked > TALKS_LEAST
    assert outcome.codes <= {"busy"}
