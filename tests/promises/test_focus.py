"""What is in front of my eyes on one device, my other devices know, and nobody else does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients import SocketClient
from tests.pages import LAPTOP, PHONE, Page
from tests.promises.conftest import FAST_TALKERS
from tests.serving import Office, run_office


@pytest.fixture(scope="module")
def single(office_folder: Path) -> Iterator[Office]:
    """Where each person has one live place for each kind of device."""
    folder = office_folder / "single"
    folder.mkdir()
    yield from run_office(folder, 12, several_connections="false", **FAST_TALKERS)


async def test_my_other_device_hears_what_is_in_front_of_me_and_when_it_no_longer_is(single: Office) -> None:
    (one,) = single.some(1)
    async with await Page.open(single, one) as desk, await Page.open(single, one, PHONE) as phone:
        await desk.client.ask("focus.set", rooms=["b", "a", "a"])
        await phone.client.event("focus", rooms=["a", "b"])
        await desk.client.ask("focus.set", rooms=[])
        await phone.client.event("focus", rooms=[])
        await phone.client.ask("focus.set", rooms=["c"])
        await desk.client.event("focus", rooms=["c"])
        assert len(phone.client.got("focus")) == 2


async def test_the_same_said_again_is_told_to_nobody(single: Office) -> None:
    (one,) = single.some(1)
    async with await Page.open(single, one) as desk, await Page.open(single, one, PHONE) as phone:
        for _ in range(10):
            await desk.client.ask("focus.set", rooms=["a"])
        await phone.client.settle()
        assert len(phone.client.got("focus")) == 1


async def test_who_comes_is_greeted_with_it(single: Office) -> None:
    (one,) = single.some(1)
    async with await Page.open(single, one) as desk:
        assert "focused" not in desk.client.welcome
        await desk.client.ask("focus.set", rooms=["a"])
        async with await Page.open(single, one, PHONE) as phone:
            assert phone.client.welcome["focused"] == ["a"]
            await phone.client.settle()
            assert not phone.client.got("focus")


async def test_what_nobody_looks_at_any_more_is_taken_back(single: Office) -> None:
    (one,) = single.some(1)
    async with await Page.open(single, one, PHONE) as phone:
        desk = await Page.open(single, one)
        await desk.client.ask("focus.set", rooms=["a"])
        await phone.client.event("focus", rooms=["a"])
        await desk.client.close()
        await phone.client.event("focus", rooms=[])
        desk = await Page.open(single, one)
        await desk.client.ask("focus.set", rooms=["b"])
        await phone.client.event("focus", rooms=["b"])
        phone.client.events.clear()
        async with await Page.open(single, one, LAPTOP) as laptop:
            # Parked: it is not in front of anybody.
            await phone.client.event("focus", rooms=[])
            assert "focused" not in laptop.client.welcome
            welcome = await desk.take()
            assert "focused" not in welcome
            await phone.client.settle()
            assert len(phone.client.got("focus")) == 1
        await desk.client.close()


async def test_several_live_pages_of_one_browser_count_together(office: Office) -> None:
    (one,) = office.some(1)
    async with (
        await SocketClient.connect(office, one) as first,
        await SocketClient.connect(office, one) as second,
        await SocketClient.connect(office, one, device=PHONE) as phone,
    ):
        await first.ask("focus.set", rooms=["a", "b"])
        await second.ask("focus.set", rooms=["b", "c"])
        await phone.event("focus", rooms=["a", "b", "c"])
        await first.event("focus", rooms=["b", "c"])
        await second.event("focus", rooms=["a", "b"])
        await first.ask("focus.set", rooms=["b"])
        await phone.event("focus", rooms=["b", "c"])
        phone.events.clear()
        await first.ask("focus.set", rooms=["c"])
        await phone.settle()
        assert not phone.got("focus")


async def test_nobody_else_hears_of_it(single: Office) -> None:
    one, two = single.some(2)
    async with await Page.open(single, one) as desk, await Page.open(single, two) as other:
        room = await other.client.create(one)
        await other.client.ask("room.open", room=room)
        await other.client.ask("presence.watch", people=[one.id])
        await desk.client.ask("focus.set", rooms=[room])
        await desk.client.settle()
        await other.client.settle()
        assert not other.client.got("focus")


async def test_it_is_bounded(single: Office) -> None:
    (one,) = single.some(1)
    async with await Page.open(single, one) as desk:
        assert await desk.client.refusal("focus.set", rooms=["x"] * 21) == "invalid"
        assert await desk.client.refusal("focus.set", rooms=["x" * 65]) == "invalid"
        assert await desk.client.refusal("focus.set", rooms=[""]) == "invalid"
