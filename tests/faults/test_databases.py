"""The database is harmed in the middle of traffic: people wait, and what they were told is true."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults import harms
from tests.faults.story import TALKS_LEAST, Harm, live_through
from tests.faults.world import World, run_world

COMMON = (harms.kill_the_database, harms.slow_the_database_down, harms.part_a_node_from_the_database)
REFUSING = (harms.make_the_database_read_only, harms.take_all_connections)
CASES = [
    *(("postgresql", harm) for harm in COMMON),
    *(("mariadb", harm) for harm in (*COMMON, *REFUSING)),
]


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, World]]:
    with (
        run_world(tmp_path_factory.mktemp("postgresql"), "postgresql") as postgresql,
        run_world(tmp_path_factory.mktemp("mariadb"), "mariadb") as mariadb,
    ):
        yield {"postgresql": postgresql, "mariadb": mariadb}


@pytest.mark.parametrize(("kind", "harm"), CASES)
async def test_nothing_is_lost_doubled_or_seen_by_others(
    worlds: dict[str, World], kind: str, harm: Harm
) -> None:
    outcome = await live_through(worlds[kind], harm)
    assert outcome.acked > TALKS_LEAST
    assert outcome.codes <= {"busy"}
    if harm in REFUSING:
        assert outcome.codes, "nobody was put off: was anything refused?"
