"""One live place for each person and kind of device, whichever nodes their pages are at."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from sendjay.protocol.errors import Close
from sendjay.realtime.places import GRACE_SECONDS
from tests.clients import SocketClient
from tests.databases.choice import SHARED_KINDS, chosen_database
from tests.nodes import Nodes, run_nodes
from tests.pages import AT_ONCE, LAPTOP, PHONE, WAITED, Page
from tests.promises.conftest import FAST_TALKERS
from tests.serving import Person, eventually


@pytest.fixture(scope="module", params=SHARED_KINDS, autouse=True)
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """Those that more than one process may write to."""
    with chosen_database(request.param):
        yield request.param


@pytest.fixture(scope="module")
def nodes(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nodes]:
    folder = tmp_path_factory.mktemp("nodes")
    with run_nodes(folder, 40, several_connections="false", **FAST_TALKERS) as nodes:
        yield nodes


@pytest.fixture
def own_nodes(database: str, tmp_path: Path) -> Iterator[Nodes]:
    """To be killed. What is silent for two seconds is dead."""
    with run_nodes(tmp_path, 8, several_connections="false", tick_seconds=2, **FAST_TALKERS) as nodes:
        yield nodes


def newest_generation(nodes: Nodes, person: Person) -> int:
    ((newest,),) = nodes.here.rows("SELECT max(generation) FROM sessions WHERE user_id = ?", person.id)
    return newest


async def test_a_newer_page_at_another_node_takes_the_place_and_the_older_one_is_told_by_whom(
    nodes: Nodes,
) -> None:
    (one,) = nodes.here.some(1)
    async with await Page.open(nodes.here, one) as desk:
        async with await Page.open(nodes.there, one, LAPTOP) as laptop:
            assert laptop.is_live
            assert laptop.generation == desk.generation + 1
            told = await desk.client.event("parked")
            assert told["by"] == {"kind": "web", "name": "The laptop"}
            assert await desk.client.refusal("rooms.list") == "parked"
            # The person is back at the older one.
            await desk.take()
            assert desk.is_live
            assert (await laptop.client.event("parked"))["by"]["name"] == "The desk"
            await laptop.client.settle()
            assert not laptop.is_live
        async with await Page.open(nodes.there, one, PHONE) as phone:
            await phone.client.settle()
            await desk.client.settle()
            assert phone.is_live
            assert desk.is_live


async def test_a_page_that_says_nothing_of_being_used_is_parked_behind_one_at_another_node(
    nodes: Nodes,
) -> None:
    (one,) = nodes.here.some(1)
    async with (
        await Page.open(nodes.here, one, browser="chrome") as window,
        await Page.open(nodes.there, one, LAPTOP, claim=False) as back,
        await Page.open(nodes.there, one, browser="chrome", standing="background") as portal,
    ):
        assert await back.is_behind({"kind": "web", "name": "The desk"})
        assert await portal.is_behind({"kind": "web", "name": "The desk", "same_browser": True})
        await portal.take()
        assert not portal.is_live
        await window.client.settle()
        assert window.is_live


async def test_a_goodbye_offers_the_place_at_another_node_at_once_those_of_the_same_browser_first(
    nodes: Nodes,
) -> None:
    (one,) = nodes.here.some(1)
    edge = await Page.open(nodes.here, one, LAPTOP, browser="edge")
    chrome = await Page.open(nodes.there, one, browser="chrome")
    holder = await Page.open(nodes.here, one, browser="chrome")
    await chrome.client.event("parked", by={"kind": "web", "name": "The desk", "same_browser": True})
    await holder.client.close()
    assert await chrome.is_offered(1)
    assert not await edge.is_offered(GRACE_SECONDS / 2)
    # It may be frozen: then the next one is asked, at the other node.
    assert await edge.is_offered(WAITED)
    await edge.take(claim=False)
    assert edge.is_live
    await chrome.take(claim=False)
    assert not chrome.is_live
    assert await chrome.is_behind({"kind": "web", "name": "The laptop"})
    await edge.client.close()
    assert await chrome.comes_to_be_live(0.1) or await _takes(chrome)
    await chrome.client.close()


async def _takes(page: Page) -> bool:
    await page.client.until(lambda: page.offers > 1)
    await page.take(claim=False)
    return page.is_live


async def test_a_signed_out_session_frees_its_place_at_another_node_at_once(nodes: Nodes) -> None:
    (one,) = nodes.here.some(1)
    async with await Page.open(nodes.there, one, answers_free=True) as desk:
        laptop = await Page.open(nodes.here, one, LAPTOP)
        await desk.client.event("parked")
        with nodes.there.rest(one.tokens[LAPTOP]) as rest:
            assert rest.post("/api/auth/sign-out", json={}).status_code == 204
        assert await laptop.client.close_code() == Close.STOP
        assert await desk.comes_to_be_live(AT_ONCE)


async def test_a_page_whose_line_broke_goes_on_at_another_node_and_nobody_is_offered_its_place(
    nodes: Nodes,
) -> None:
    (one,) = nodes.here.some(1)
    async with await Page.open(nodes.here, one) as desk:
        laptop = await Page.open(nodes.here, one, LAPTOP)
        await desk.client.event("parked")
        for node in (nodes.there, nodes.here, nodes.there):
            await laptop.break_off()
            laptop = await Page.open(node, one, LAPTOP, claim=False, generation=laptop.generation)
            assert laptop.is_live
        assert newest_generation(nodes, one) == laptop.generation
        assert not await desk.is_offered(GRACE_SECONDS + 1)
        await laptop.break_off()
        assert not await desk.is_offered(GRACE_SECONDS / 2)
        assert await desk.is_offered(WAITED)


async def test_its_dead_line_at_another_node_is_in_nobodys_way(nodes: Nodes) -> None:
    (one,) = nodes.here.some(1)
    dead = await Page.open(nodes.here, one)
    async with await Page.open(nodes.there, one, claim=False, generation=dead.generation) as back:
        assert back.is_live
        assert back.generation == dead.generation
        assert await dead.client.close_code() == Close.PARKED
        await back.client.settle()
        assert back.is_live


async def test_two_that_come_back_again_and_again_at_different_nodes_never_swap(nodes: Nodes) -> None:
    (one,) = nodes.here.some(1)
    older = await Page.open(nodes.here, one)
    newer = await Page.open(nodes.there, one, LAPTOP)
    generation = newer.generation
    for number in range(30):
        await older.break_off()
        older_node, newer_node = nodes.both if number % 3 else reversed(nodes.both)
        if number % 2:
            await newer.break_off()
        older = await Page.open(older_node, one, claim=False, generation=older.generation)
        if number % 2:
            newer = await Page.open(newer_node, one, LAPTOP, claim=False, generation=newer.generation)
        await newer.client.settle()
        assert newer.is_live
        assert not older.is_live
    assert newest_generation(nodes, one) == newer.generation == generation
    await older.client.close()
    await newer.client.close()


async def test_of_many_at_different_nodes_at_the_same_time_exactly_one_has_it_the_newest(
    nodes: Nodes,
) -> None:
    for one in nodes.here.some(4):
        pages = await asyncio.gather(
            *(
                Page.open(nodes.both[number % 2], one, number // 2 % 2, browser=str(number))
                for number in range(8)
            )
        )
        assert await asyncio.to_thread(
            eventually, lambda pages=pages: sum(page.is_live for page in pages) == 1
        )
        for page in pages:
            await page.client.settle()
        live = [page for page in pages if page.is_live]
        assert len(live) == 1
        assert live[0].generation == newest_generation(nodes, one)
        for page in pages:
            await page.client.close()


async def test_a_node_that_is_killed_keeps_nobodys_place(own_nodes: Nodes) -> None:
    one, two = own_nodes.here.some(2)
    waiting = await Page.open(own_nodes.here, one, answers_free=True)
    gone = await Page.open(own_nodes.there, one, LAPTOP)
    moved = await Page.open(own_nodes.there, two)
    behind = await Page.open(own_nodes.here, two, LAPTOP, claim=False)
    await waiting.client.event("parked")
    own_nodes.there.kill()
    # Who comes back from there goes on at once.
    async with await Page.open(own_nodes.here, two, claim=False, generation=moved.generation) as back:
        assert back.is_live
        assert await waiting.comes_to_be_live(WAITED)
        assert not behind.offers
    for page in (waiting, gone, moved, behind):
        await page.client.close()


async def test_without_redis_the_database_decides_and_nobody_fights(own_nodes: Nodes) -> None:
    (one,) = own_nodes.here.some(1)
    desk = await Page.open(own_nodes.here, one, answers_free=True)
    own_nodes.redis.kill()
    laptop = await Page.open(own_nodes.there, one, LAPTOP, answers_free=True)
    assert laptop.is_live
    assert laptop.generation == desk.generation + 1
    # Within the time of a look into the database the older one knows.
    assert await _comes_to_be_parked(desk, 8)
    assert not await desk.is_offered(GRACE_SECONDS + 2)
    assert laptop.is_live
    # Started again, empty: who has the place is known, and who waits hears when it is free.
    own_nodes.redis.start()
    assert eventually(lambda: own_nodes.measure("sendjay_bus_up") == 2, 10)
    assert not await desk.is_offered(GRACE_SECONDS + 2)
    assert laptop.is_live
    await laptop.client.close()
    assert await desk.comes_to_be_live(AT_ONCE)
    await desk.client.close()


async def _comes_to_be_parked(page: Page, seconds: float) -> bool:
    async with asyncio.timeout(seconds):
        await page.client.until(lambda: not page.is_live)
    return True


async def test_a_client_that_knows_nothing_of_places_takes_it_from_another_node(nodes: Nodes) -> None:
    (one,) = nodes.here.some(1)
    async with (
        await Page.open(nodes.here, one) as page,
        await SocketClient.connect(nodes.there, one, device=LAPTOP),
    ):
        await page.client.event("parked")
