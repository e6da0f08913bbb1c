"""A chore is one node's at a time, whatever becomes of that node, and goes on in small steps."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
import sqlalchemy as sa

from sendjay.storage.database import Database
from sendjay.storage.migrate import upgrade
from sendjay.storage.tables import activity, chores
from sendjay.storage.transaction import Transaction
from sendjay.storage.writer import Writer
from sendjay.upkeep.service import ROWS_AT_ONCE, Chore, Turn, TurnLost, Upkeep, deletion
from tests.databases.choice import KINDS, chosen_database, fresh_url


class Node:
    """Its end of the database, and the clean-up that runs there."""

    def __init__(self, url: str) -> None:
        self.database = Database(url)
        self.writer = Writer(self.database, lambda _: None)
        self.upkeep = Upkeep(self.database, self.writer, [], 0)

    async def change(self, statement: sa.Executable) -> None:
        await self.writer.run(lambda tx: tx.run(statement))

    async def stop(self) -> None:
        await self.writer.stop()
        self.database.close()


@pytest.fixture(scope="module", params=KINDS, autouse=True)
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    with chosen_database(request.param):
        yield request.param


@pytest_asyncio.fixture
async def nodes(database: str, tmp_path: Path) -> AsyncIterator[list[Node]]:
    """Two of one installation. On SQLite no two processes would be let in; what stands there holds anyway."""
    url = fresh_url() or f"sqlite:///{tmp_path / 'shared.db'}"
    made = [Node(url) for _ in range(2)]
    upgrade(made[0].database)
    for node in made:
        node.writer.start()
    try:
        yield made
    finally:
        for node in made:
            await node.stop()


def nothing(_connection: sa.Connection, _now: int) -> int:
    return 0


def log_entry(tx: Transaction, at: int) -> None:
    tx.run(sa.insert(activity).values(user_id="somebody", work="test", device="", state="", at=at))


def entries(node: Node) -> int:
    count = sa.select(sa.func.count()).select_from(activity)
    return node.database.read_now(lambda connection: connection.execute(count).scalar_one())


async def test_of_two_nodes_that_begin_at_once_one_does_it(nodes: list[Node]) -> None:
    at_work = most = 0

    async def work(turn: Turn) -> None:
        nonlocal at_work, most
        at_work += 1
        most = max(most, at_work)
        for _ in range(5):
            await turn.write(lambda tx: log_entry(tx, 1))
        at_work -= 1

    chore = Chore("together", "", 3600, nothing, work)
    for _ in range(3):
        did = await asyncio.gather(*(node.upkeep.do(chore) for node in nodes))
        assert sorted(did) == [False, True]
        await nodes[0].change(sa.update(chores).values(done_at=0))
    assert most == 1
    assert entries(nodes[0]) == 15


async def test_what_was_done_is_not_done_again_before_its_time(nodes: list[Node]) -> None:
    chore = Chore("rarely", "", 3600, nothing, lambda turn: turn.keep())
    assert await nodes[0].upkeep.do(chore)
    assert not await nodes[0].upkeep.do(chore)
    assert not await nodes[1].upkeep.do(chore)


async def test_a_node_that_stood_still_for_too_long_writes_nothing_more(nodes: list[Node]) -> None:
    stands, goes_on = asyncio.Event(), asyncio.Event()

    async def slow(turn: Turn) -> None:
        await turn.write(lambda tx: log_entry(tx, 1))
        stands.set()
        await goes_on.wait()
        await turn.write(lambda tx: log_entry(tx, 2))

    async def quick(turn: Turn) -> None:
        await turn.write(lambda tx: log_entry(tx, 3))

    held = asyncio.create_task(nodes[0].upkeep.do(Chore("held", "", 3600, nothing, slow)))
    await stands.wait()
    assert not await nodes[1].upkeep.do(Chore("held", "", 3600, nothing, quick))
    # A minute goes by.
    await nodes[1].change(sa.update(chores).values(held_until=1))
    assert await nodes[1].upkeep.do(Chore("held", "", 3600, nothing, quick))
    goes_on.set()
    with pytest.raises(TurnLost):
        await held
    assert entries(nodes[0]) == 2
    # Nor does it take from the other one that it is done.
    assert not await nodes[0].upkeep.do(Chore("held", "", 3600, nothing, quick))


async def test_what_fails_is_begun_anew_by_whoever_looks_next(nodes: list[Node]) -> None:
    async def fail(_turn: Turn) -> None:
        raise OSError("the disk is away")

    with pytest.raises(OSError, match="disk"):
        await nodes[0].upkeep.do(Chore("fragile", "", 3600, nothing, fail))
    assert await nodes[1].upkeep.do(Chore("fragile", "", 3600, nothing, lambda turn: turn.keep()))


async def test_much_is_taken_away_in_small_steps_between_which_others_write(nodes: list[Node]) -> None:
    rows = [{"user_id": "somebody", "work": "old", "device": "", "state": "", "at": 1}] * 1_050

    def write(tx: Transaction) -> None:
        tx.run(sa.insert(activity), rows)
        log_entry(tx, 1_000)

    await nodes[0].writer.run(write)
    chore = deletion("much", "", activity, lambda _now: activity.c.at < 1_000)
    assert nodes[0].database.read_now(lambda connection: chore.count(connection, 0)) == 1_050
    doing = asyncio.create_task(nodes[0].upkeep.do(chore))
    between: list[int] = []
    while not doing.done():
        await nodes[1].writer.run(lambda tx: log_entry(tx, 2_000))
        between.append(entries(nodes[1]))
    assert await doing
    assert entries(nodes[0]) == 1 + len(between)
    left = [count - number - 1 for number, count in enumerate(between, 1)]
    steps = {before - after for before, after in zip([1_050, *left], left, strict=False)}
    assert max(steps) <= ROWS_AT_ONCE
    done_rows = nodes[0].database.read_now(
        lambda connection: connection.execute(sa.select(chores.c.done_rows)).scalar_one()
    )
    assert done_rows == 1_050
