"""A server that is told to stop says so first, serves on until that was seen, and sends everybody away."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients import SocketClient
from tests.serving import Office, eventually
from tests.stream_client import StreamClient

NOTICE = 2.0


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path, 6, drain_seconds=NOTICE)
    office.start()
    yield office
    office.stop()


async def told_to_stop(office: Office) -> float:
    """SIGTERM; returns when readiness says so, with when that was asked for."""
    began = time.monotonic()
    office.signal(signal.SIGTERM)
    assert await asyncio.to_thread(eventually, lambda: "stopping" in problems(office))
    return began


def problems(office: Office) -> list[str]:
    with office.rest() as rest:
        ready, alive = rest.get("/readyz"), rest.get("/healthz")
    assert alive.status_code == 200
    assert ready.status_code == (503 if ready.json()["problems"] else 200)
    return ready.json()["problems"]


async def test_it_is_not_ready_first_and_serves_on_until_the_notice_is_over(office: Office) -> None:
    one, two = office.some(2)
    async with await SocketClient.connect(office, one) as early:
        room = await early.create(two)
        began = await told_to_stop(office)
        async with await SocketClient.connect(office, two) as late:
            await early.send(room, "still here")
            await late.event("message.new", room=room)
            assert await late.close_code() == await early.close_code() == 1012
        assert time.monotonic() - began >= NOTICE


async def test_everybody_is_told_in_how_long_a_time_to_come_back(office: Office) -> None:
    one, two = office.some(2)
    async with (
        await SocketClient.connect(office, one) as client,
        await StreamClient.connect(office, two) as stream,
    ):
        await told_to_stop(office)
        assert await client.close_code() == 1012
        assert int(client.connection.close_reason or "") == 1000
        assert await stream.close_code() == 1012


async def test_a_second_signal_waits_for_no_notice(office: Office) -> None:
    (one,) = office.some(1)
    async with await SocketClient.connect(office, one) as client:
        began = await told_to_stop(office)
        office.signal(signal.SIGTERM)
        assert await client.close_code() == 1012
        assert time.monotonic() - began < NOTICE


async def test_ctrl_c_gives_no_notice(office: Office) -> None:
    (one,) = office.some(1)
    async with await SocketClient.connect(office, one) as client:
        began = time.monotonic()
        office.signal(signal.SIGINT)
        assert await client.close_code() == 1012
        assert time.monotonic() - began < NOTICE
