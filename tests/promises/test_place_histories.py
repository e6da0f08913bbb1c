"""Whatever pages do, in whatever order, at the same time: never two have the place, and soon one has it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Literal, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sendjay.app import Messenger
from sendjay.settings import load_settings
from tests.databases.choice import fresh_url
from tests.node import Json, Line, Node
from tests.serving import DEVICES, Person, found_company

GRACE_SECONDS = 0.03


class Open(NamedTuple):
    device: int
    claim: bool
    knows: bool
    """Says the generation that this browser had last."""
    standing: Literal["window", "background"]
    browser: str


class Act(NamedTuple):
    """Something that one of the open pages does, or that happens to it."""

    what: Literal["take", "use", "close", "break", "come back"]
    which: int


actions = st.one_of(
    st.builds(
        Open,
        device=st.integers(0, 2),
        claim=st.booleans(),
        knows=st.booleans(),
        standing=st.sampled_from(["window", "background"]),
        browser=st.sampled_from(["chrome", "edge"]),
    ),
    st.builds(
        Act,
        what=st.sampled_from(["take", "use", "close", "break", "come back"]),
        which=st.integers(0, 9),
    ),
)
histories = st.lists(st.lists(actions, min_size=1, max_size=3), max_size=12)
"""What happens in each list happens at the same time."""


class Page(Line):
    """As the web client: it takes the place that it is offered."""

    def __init__(self, node: Node, opened: Open) -> None:
        super().__init__(node)
        self.opened = opened
        self.is_live = False
        self.generation = 0
        self.tasks: set[asyncio.Task[Json]] = set()

    @property
    def kind(self) -> str:
        return DEVICES[self.opened.device].kind

    def start(self, cmd: str, **fields: object) -> None:
        """Ask, and wait for the answer no longer than the connection lasts."""
        self.tasks.add(asyncio.ensure_future(self.ask(cmd, **fields)))

    def answered(self, answer: Json) -> None:
        if "generation" in answer.get("ok", {}) or "session" in answer.get("ok", {}):
            self.is_live = "parked" not in answer["ok"]
            self.generation = answer["ok"].get("generation", 0)

    def heard(self, event: Json) -> None:
        super().heard(event)
        if event["ev"] == "parked":
            self.is_live = False
        elif event["ev"] == "place.free":
            self.start("place.take", claim=False)

    def close(self, code: int, reason: str = "") -> None:
        self.is_live = False
        super().close(code, reason)

    def lose(self, code: int) -> None:
        super().lose(code)
        self.is_live = False
        for task in self.tasks:
            task.cancel()

    def is_busy(self) -> bool:
        return self.closed_with is None and any(not task.done() for task in self.tasks)


class Desk:
    """One person's pages."""

    def __init__(self, node: Node, person: Person) -> None:
        self.node = node
        self.person = person
        self.pages: list[Page] = []
        self.last: dict[tuple[str, str], int] = {}

    async def do(self, step: list[Open | Act]) -> None:
        for action in step:
            if isinstance(action, Open):
                self.open(action)
            elif self.pages:
                self.act(action.what, self.pages[action.which % len(self.pages)])
        await self.quiet()

    def open(self, opened: Open) -> None:
        page = Page(self.node, opened)
        generation = self.last.get((page.kind, opened.browser), 0) if opened.knows else 0
        place = {"claim": opened.claim, "standing": opened.standing, "browser": opened.browser}
        token = self.person.tokens[opened.device]
        page.start("hello", token=token, place=place | {"generation": generation})
        self.pages.append(page)

    def act(self, what: str, page: Page) -> None:
        if page.closed_with is not None:
            return
        match what:
            case "take":
                page.start("place.take")
            case "use":
                page.start("rooms.list")
            case "close":
                page.lose(1001)
            case "break":
                page.lose(1006)
            case "come back":
                page.lose(1006)
                self.open(page.opened._replace(claim=False, knows=True))

    async def quiet(self) -> None:
        """Until all that was asked is answered; two live pages are found at every step on the way."""
        while True:
            self.look()
            if not any(page.is_busy() for page in self.pages):
                break
            await asyncio.sleep(0)
        self.pages = [page for page in self.pages if page.closed_with is None]

    def look(self) -> None:
        for kind in ("web", "app"):
            live = [page for page in self.pages if page.is_live and page.kind == kind]
            assert len(live) <= 1
            for page in live:
                self.last[(kind, page.opened.browser)] = page.generation

    async def until_somebody_has_it(self) -> None:
        async with asyncio.timeout(5):
            for kind in ("web", "app"):
                while not self.has_one(kind):
                    await asyncio.sleep(GRACE_SECONDS)
                    await self.quiet()

    def has_one(self, kind: str) -> bool:
        pages = [page for page in self.pages if page.kind == kind]
        return not pages or any(page.is_live for page in pages)


class Home(NamedTuple):
    runner: asyncio.Runner
    node: Node
    person: Person


@pytest.fixture(scope="module")
def home(office_folder: Path) -> Iterator[Home]:
    """One node for all histories: what one of them leaves in the database, the next one finds."""
    where = load_settings(environ={}, data_dir=str(office_folder), database_url=fresh_url())
    person = found_company(where, 1)[0]
    messenger = Messenger(where)
    messenger.hub.places.offers.grace_seconds = GRACE_SECONDS
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        runner.run(stack.enter_async_context(messenger.writing()))
        yield Home(runner, Node(messenger), person)
        runner.run(stack.aclose())


@given(history=histories)
@settings(max_examples=150, deadline=None)
def test_at_every_moment_at_most_one_is_live_and_in_the_end_one_is(
    home: Home, history: list[list[Open | Act]]
) -> None:
    home.runner.run(live_through(home.node, home.person, history))


async def live_through(node: Node, person: Person, history: list[list[Open | Act]]) -> None:
    desk, hub = Desk(node, person), node.messenger.hub
    try:
        for step in history:
            await desk.do(step)
        await desk.until_somebody_has_it()
        for page in desk.pages:
            answer = await page.ask("rooms.list")
            assert ("ok" in answer) == page.is_live
        assert set(hub.connections(person.id)) == {page.session for page in desk.pages if page.is_live}
    finally:
        for page in desk.pages:
            page.lose(1001)
    await asyncio.sleep(0)
    assert not hub.all_connections(person.id)
