"""Connections that no honest client makes: closed in time, bounded, and nothing of them is left behind."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket

import pytest
import websockets

from sendjay.protocol.errors import Close
from tests.clients import LostError, SocketClient, new_key
from tests.hostile.alive import still_serves
from tests.hostile.frames import BROKEN, UNFIT
from tests.serving import Office, eventually


async def test_nothing_is_done_before_hello(office: Office) -> None:
    for command in (
        {"cmd": "rooms.list"},
        {"cmd": "tick"},
        {"cmd": "presence.watch", "people": ["p0001"]},
        {"cmd": "message.send", "room": "r", "client_id": new_key(), "body": "x"},
    ):
        async with await SocketClient.open(office) as client:
            assert await client.refusal(**command) == "hello_first"
    async with await SocketClient.open(office) as client:
        assert await client.refusal("hello") == "unauthorized"
        assert await client.close_code() == Close.REFRESH


async def test_a_connection_that_only_errs_is_closed(office: Office) -> None:
    for greeted in (True, False):
        client = await (
            SocketClient.connect(office, office.people[0]) if greeted else SocketClient.open(office)
        )
        for _ in range(120):
            await client.send_raw("junk")
        assert await client.close_code() == Close.NO_HELLO
        assert len(client.strays) <= 102
    await still_serves(office)


async def test_a_flood_of_junk_is_cut_off(office: Office) -> None:
    client = await SocketClient.connect(office, office.people[0])
    with contextlib.suppress(websockets.ConnectionClosed):
        for _ in range(10_000):
            await client.send_raw("junk")
    # Whoever goes on sending may see the connection reset before the close frame.
    assert await client.close_code() in (Close.NO_HELLO, 1006)
    assert len(client.strays) <= 102
    await still_serves(office)


async def test_ten_thousand_junk_frames_from_many_leave_nothing_behind(office: Office) -> None:
    junk = [*BROKEN.values(), *(json.dumps(command) for command, _ in UNFIT.values())]
    small = [frame for frame in junk if len(frame) < 1_000]

    async def throw(number: int) -> None:
        client = await SocketClient.connect(office, office.people[number % 20])
        with contextlib.suppress(websockets.ConnectionClosed):
            for count in range(200):
                await client.send_raw(small[(number + count) % len(small)])
                watch = {"id": 10**6 + count, "cmd": "presence.watch", "people": ["p0"]}
                await client.send_raw(json.dumps(watch))
        await client.close()

    async def rounds() -> None:
        for start in range(0, 50, 10):
            await asyncio.gather(*(throw(number) for number in range(start, start + 10)))

    await rounds()
    before = office.memory()
    await rounds()
    await still_serves(office)
    assert office.memory() - before < 30 * 1024 * 1024
    assert eventually(lambda: office.measure("sendjay_connections") == 0)


async def test_too_many_commands_are_slowed_down_not_done(office: Office) -> None:
    async with await SocketClient.connect(office, office.people[0]) as client:
        answers = [await client.post("presence.watch", people=[]) for _ in range(460)]
        outcomes = await asyncio.gather(*answers, return_exceptions=True)
        codes = [getattr(outcome, "code", "ok") for outcome in outcomes]
        assert codes.count("ok") >= 399  # hello was the first of 400
        assert set(codes) == {"ok", "rate_limited"}
        refused = next(outcome for outcome in outcomes if isinstance(outcome, Exception))
        assert refused.error["retry"]
        await asyncio.sleep(refused.error["retry_after_ms"] / 1000)
        await client.settle()


async def test_many_slow_commands_at_once_are_bounded(office: Office) -> None:
    async with await SocketClient.connect(office, office.people[0]) as client:
        answers = [await client.post("rooms.list") for _ in range(90)]
        outcomes = await asyncio.gather(*answers, return_exceptions=True)
        assert {getattr(outcome, "code", "ok") for outcome in outcomes} <= {"ok", "rate_limited"}
        assert "rooms" in outcomes[0] or "personal" in outcomes[0]
        await asyncio.sleep(0.3)
        await client.settle()


async def test_a_connection_that_says_nothing_is_closed(tmp_path_factory: pytest.TempPathFactory) -> None:
    office = Office(tmp_path_factory.mktemp("silent"), 2, hello_seconds=0.5, tick_seconds=1)
    office.start()
    try:
        async with await SocketClient.open(office) as client:
            assert await client.close_code() == Close.NO_HELLO
        async with await SocketClient.connect(office, office.people[0]) as client:
            client.answers_ticks = False
            assert await client.close_code() == Close.NO_HELLO
        async with await SocketClient.connect(office, office.people[0]) as client:
            await asyncio.sleep(3)
            await client.settle()
        # Half an upgrade, and a connection that never asks for anything.
        with socket.create_connection(("127.0.0.1", office.port)) as half:
            half.sendall(b"GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: web")
            await still_serves(office)
    finally:
        office.stop()


async def test_a_connection_dropped_in_the_middle_of_everything_leaves_nothing_behind(office: Office) -> None:
    one, two = office.some(2)
    for _ in range(30):
        client = await SocketClient.connect(office, one)
        room = await client.create(two)
        await client.ask("room.open", room=room)
        await client.ask("presence.watch", people=[two.id])
        pending = [await client.post("rooms.list") for _ in range(5)]
        pending += [
            await client.post("message.send", room=room, client_id=new_key(), body="x") for _ in range(5)
        ]
        client.connection.transport.abort()
        outcomes = await asyncio.gather(*pending, return_exceptions=True)
        assert all(isinstance(outcome, dict | LostError) for outcome in outcomes)
    assert eventually(lambda: office.measure("sendjay_connections") == 0)
    await still_serves(office)
