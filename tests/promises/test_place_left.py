"""When the holder of a place goes, and when pages come back: no two of them ever fight over it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from sendjay.protocol.errors import Close
from sendjay.realtime.places import GRACE_SECONDS
from tests.pages import AT_ONCE, LAPTOP, WAITED, Page
from tests.promises.conftest import FAST_TALKERS
from tests.serving import Office, Person, run_office


@pytest.fixture(scope="module")
def office(office_folder: Path) -> Iterator[Office]:
    yield from run_office(office_folder, several_connections="false", **FAST_TALKERS)


@pytest.fixture
def own_office(tmp_path: Path) -> Iterator[Office]:
    yield from run_office(tmp_path, 4, several_connections="false", tick_seconds=1, **FAST_TALKERS)


def newest_generation(office: Office, person: Person) -> int:
    ((newest,),) = office.rows("SELECT max(generation) FROM sessions WHERE user_id = ?", person.id)
    return newest


async def test_a_page_that_is_closed_leaves_the_place_at_once_again_and_again(office: Office) -> None:
    (one,) = office.some(1)
    async with await Page.open(office, one, answers_free=True) as desk:
        for _ in range(3):
            laptop = await Page.open(office, one, LAPTOP)
            await desk.client.until(lambda: not desk.is_live)
            await laptop.client.close()
            assert await desk.comes_to_be_live(AT_ONCE)


async def test_a_page_of_the_browser_that_had_it_is_asked_first_and_then_the_latest(office: Office) -> None:
    (one,) = office.some(1)
    pages = [
        await Page.open(office, one, device, browser=browser)
        for device, browser in ((0, "chrome"), (LAPTOP, "edge"), (LAPTOP, "safari"), (0, "chrome"))
    ]
    own, edge, safari, holder = pages
    await holder.client.close()
    assert await own.is_offered(AT_ONCE)
    assert not edge.offers
    assert not safari.offers
    # It may be frozen: then the next one is asked, and so on.
    assert await safari.is_offered(WAITED)
    assert not edge.offers
    assert await edge.is_offered(WAITED)
    await edge.take(claim=False)
    assert edge.is_live
    # Awake again, it answers what it was asked: too late.
    await own.take(claim=False)
    assert own.parked is not None
    assert own.parked["name"] == "The laptop"
    for page in pages:
        await page.client.close()


async def test_a_place_whose_line_broke_is_kept_for_a_while_and_then_free(office: Office) -> None:
    (one,) = office.some(1)
    async with await Page.open(office, one, answers_free=True) as desk:
        laptop = await Page.open(office, one, LAPTOP)
        await desk.client.event("parked")
        await laptop.break_off()
        assert not await desk.is_offered(GRACE_SECONDS / 2)
        laptop = await Page.open(office, one, LAPTOP, claim=False, generation=laptop.generation)
        assert laptop.is_live
        assert not await desk.is_offered(WAITED)
        await laptop.break_off()
        assert await desk.comes_to_be_live(WAITED)


async def test_a_holder_that_is_silently_dead_is_found_out(own_office: Office) -> None:
    one = own_office.people[0]
    async with await Page.open(own_office, one, answers_free=True) as desk:
        laptop = await Page.open(own_office, one, LAPTOP)
        laptop.client.answers_ticks = False
        await desk.client.event("parked")
        assert await desk.comes_to_be_live(WAITED + 5)
        assert await laptop.client.close_code() == Close.NO_HELLO


async def test_two_that_come_back_again_and_again_never_swap(office: Office) -> None:
    (one,) = office.some(1)
    older = await Page.open(office, one)
    newer = await Page.open(office, one, LAPTOP)
    generation = newer.generation
    for number in range(50):
        await older.break_off()
        if number % 2:
            await newer.break_off()
        older = await Page.open(office, one, claim=False, generation=older.generation)
        if number % 2:
            newer = await Page.open(office, one, LAPTOP, claim=False, generation=newer.generation)
        await newer.client.settle()
        assert newer.is_live
        assert not older.is_live
    assert newest_generation(office, one) == newer.generation == generation
    await older.client.close()
    await newer.client.close()


async def test_its_own_dead_line_is_in_nobodys_way(office: Office) -> None:
    (one,) = office.some(1)
    dead = await Page.open(office, one)
    async with await Page.open(office, one, claim=False, generation=dead.generation) as back:
        assert back.is_live
        assert back.generation == dead.generation
        assert await dead.client.close_code() == Close.PARKED


@pytest.mark.parametrize("holder_first", [True, False])
async def test_the_place_is_kept_over_a_restart_of_the_server(own_office: Office, holder_first: bool) -> None:
    one = own_office.people[0]
    desk = await Page.open(own_office, one)
    laptop = await Page.open(own_office, one, LAPTOP)
    own_office.kill()
    for page in (desk, laptop):
        await page.client.close_code()
    own_office.start()
    order = [(LAPTOP, laptop.generation), (0, desk.generation)]
    back = {
        device: await Page.open(own_office, one, device, claim=False, generation=generation)
        for device, generation in (order if holder_first else reversed(order))
    }
    assert back[LAPTOP].is_live
    assert back[LAPTOP].generation == laptop.generation
    assert back[0].parked is not None
    assert not await back[0].is_offered(GRACE_SECONDS + 2)
    for page in back.values():
        await page.client.close()


async def test_a_page_that_comes_back_too_late_has_the_place_if_nobody_else_wants_it(office: Office) -> None:
    (one,) = office.some(1)
    await (desk := await Page.open(office, one)).client.close()
    await (await Page.open(office, one, LAPTOP)).client.close()
    async with await Page.open(
        office, one, claim=False, generation=desk.generation, answers_free=True
    ) as back:
        assert not back.is_live
        assert await back.comes_to_be_live(WAITED)
        assert back.generation == 3


async def test_of_many_at_the_same_time_exactly_one_has_it_the_newest(office: Office) -> None:
    (one,) = office.some(1)
    pages = await asyncio.gather(
        *(Page.open(office, one, number % 2, browser=str(number)) for number in range(6))
    )
    for page in pages:
        await page.client.settle()
    live = [page for page in pages if page.is_live]
    assert len(live) == 1
    assert live[0].generation == newest_generation(office, one)
    for page in pages:
        await page.client.close()
