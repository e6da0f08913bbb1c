"""What a person's pages cannot do to the server, or to others, by asking for their place."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from sendjay.protocol.errors import Close
from sendjay.realtime.places import PARKED_MOST
from tests.clients import RefusedError, SocketClient
from tests.pages import LAPTOP, PHONE, Page
from tests.promises.conftest import FAST_TALKERS
from tests.serving import Office, Person, eventually, run_office


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    yield from run_office(tmp_path_factory.mktemp("office"), several_connections="false", **FAST_TALKERS)


def newest_generation(office: Office, person: Person) -> int:
    ((newest,),) = office.rows("SELECT max(generation) FROM sessions WHERE user_id = ?", person.id)
    return newest


async def test_parked_pages_are_few_and_the_oldest_goes(office: Office) -> None:
    (one,) = office.some(1)
    before = office.measure("sendjay_parked")
    async with await Page.open(office, one, LAPTOP) as holder:
        pages = [await Page.open(office, one, claim=False) for _ in range(100)]
        assert office.measure("sendjay_parked") == before + PARKED_MOST
        for page in pages[:-PARKED_MOST]:
            assert await page.client.close_code() == Close.PARKED
        for page in pages[-PARKED_MOST:]:
            await page.client.settle()
        await holder.client.settle()
        assert holder.is_live
        for page in pages[-PARKED_MOST:]:
            await page.client.close()
    assert eventually(lambda: office.measure("sendjay_parked") == before)


async def test_all_connections_of_a_person_are_bounded_the_parked_ones_too(tmp_path: Path) -> None:
    for office in run_office(tmp_path, 2, several_connections="false", connections_per_user=3):
        one = office.people[0]
        pages = [await Page.open(office, one) for _ in range(3)]
        with pytest.raises(RefusedError, match="too_many"):
            await Page.open(office, one, PHONE)
        for page in pages:
            await page.client.close()


async def test_a_parked_page_that_floods_is_slowed_down_then_closed(tmp_path: Path) -> None:
    for office in run_office(tmp_path, 2, several_connections="false"):
        one = office.people[0]
        async with await Page.open(office, one) as desk, await Page.open(office, one, LAPTOP) as laptop:
            await desk.client.event("parked")
            # More than the errors that are forgiven, in a manner that is still polite.
            codes = {await desk.client.refusal("rooms.list") for _ in range(150)}
            assert codes == {"parked"}
            await desk.client.settle()
            for number in range(600):
                await desk.client.send_raw(json.dumps({"id": 10**6 + number, "cmd": "rooms.list"}))
            assert await desk.client.close_code() in (Close.NO_HELLO, 1006)
            await laptop.client.settle()
            assert laptop.is_live


async def test_who_fights_for_the_place_hurts_nobody_else(office: Office) -> None:
    one, two, three = office.some(3)
    async with (
        await Page.open(office, one) as desk,
        await Page.open(office, one, LAPTOP) as laptop,
        await SocketClient.connect(office, two) as a,
        await SocketClient.connect(office, three) as b,
    ):
        room = await a.create(three)
        waiting = [await page.client.post("place.take") for _ in range(100) for page in (desk, laptop)]
        await a.send(room, "as ever")
        await b.event("message.new")
        await asyncio.gather(*waiting, return_exceptions=True)
        welcomes = [await page.take() for page in (desk, laptop)]
        assert welcomes[1]["generation"] > welcomes[0]["generation"]
        await desk.client.until(lambda: not desk.is_live)
        assert laptop.is_live
