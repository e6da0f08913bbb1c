"""Whatever pages do at two nodes, in whatever order, at the same time: soon exactly one has the place."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator
from contextlib import AsyncExitStack
from typing import NamedTuple

import pytest
from hypothesis import given, settings

from sendjay.app import Messenger
from sendjay.realtime.nodes.others import RETURN_SECONDS
from sendjay.settings import load_settings
from tests.databases.choice import chosen_database, fresh_url
from tests.node import Node
from tests.promises.test_place_histories import GRACE_SECONDS, Act, Desk, Open, histories
from tests.redis_server import RedisServer
from tests.serving import Person, found_company


@pytest.fixture(scope="module", autouse=True)
def database() -> Iterator[str]:
    """One that more than one process may write to."""
    with chosen_database("postgresql"):
        yield "postgresql"


class Desks(Desk):
    """One person's pages, dealt out to the nodes. Those that come back do so at the next one."""

    def __init__(self, nodes: tuple[Node, Node], person: Person) -> None:
        super().__init__(nodes[0], person)
        self._turns = itertools.cycle(nodes)

    def open(self, opened: Open) -> None:
        self.node = next(self._turns)
        super().open(opened)

    def look(self) -> None:
        """News takes its way: only what lasts is wrong."""

    async def quiet(self) -> None:
        await super().quiet()
        for _ in range(600):
            if all(self.settled(kind) for kind in ("web", "app")):
                break
            await asyncio.sleep(0.005)
        super().look()
        await asyncio.sleep(0)
        self.pages = [page for page in self.pages if page.closed_with is None]

    def settled(self, kind: str) -> bool:
        live = [page for page in self.pages if page.is_live and page.kind == kind]
        return len(live) <= 1 and not any(page.is_busy() for page in self.pages)


class Home(NamedTuple):
    runner: asyncio.Runner
    nodes: tuple[Node, Node]
    person: Person


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """Two nodes for all histories: what one of them leaves behind, the next one finds."""
    folder = tmp_path_factory.mktemp("nodes")
    redis = RedisServer(folder).start()
    shared = {"database_url": fresh_url(), "redis_url": redis.url}
    places = [load_settings(environ={}, data_dir=str(folder / name), **shared) for name in ("one", "two")]
    person = found_company(places[0], 1)[0]
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        runner.run(_start(messengers := [Messenger(each) for each in places], stack))
        yield Home(runner, (Node(messengers[0]), Node(messengers[1])), person)
        runner.run(stack.aclose())
    redis.stop()


async def _start(messengers: list[Messenger], stack: AsyncExitStack) -> None:
    for messenger in messengers:
        messenger.hub.places.offers.grace_seconds = GRACE_SECONDS
        await stack.enter_async_context(messenger.writing())
    # Then each may take what it hears for all there is.
    await asyncio.sleep(RETURN_SECONDS)


@given(history=histories)
@settings(max_examples=40, deadline=None)
def test_soon_after_anything_at_most_one_is_live_and_in_the_end_one_is(
    home: Home, history: list[list[Open | Act]]
) -> None:
    home.runner.run(live_through(home.nodes, home.person, history))


async def live_through(nodes: tuple[Node, Node], person: Person, history: list[list[Open | Act]]) -> None:
    desk = Desks(nodes, person)
    try:
        for step in history:
            await desk.do(step)
        await desk.until_somebody_has_it()
        for page in desk.pages:
            answer = await page.ask("rooms.list")
            assert ("ok" in answer) == page.is_live
        there = {each for node in nodes for each in node.messenger.hub.connections(person.id)}
        assert there == {page.session for page in desk.pages if page.is_live}
    finally:
        for page in desk.pages:
            page.lose(1001)
    await asyncio.sleep(0)
    for node in nodes:
        assert not node.messenger.hub.all_connections(person.id)
