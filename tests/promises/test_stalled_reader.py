"""G10: one stalled reader neither grows memory without bound nor delays anyone."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import websockets
from websockets.asyncio.client import ClientConnection

from sendjay.protocol.errors import Close
from tests.clients import SocketClient, new_key
from tests.promises.conftest import FAST_TALKERS
from tests.serving import Office, Person, eventually, run_office

QUEUE = 262_144
MEGABYTE = 1024 * 1024
BODY = "한" * 3900
"""12 KB, so that a few hundred fill more than the kernel takes for one socket."""


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    yield from run_office(tmp_path, 20, send_queue_bytes=QUEUE, **FAST_TALKERS)


async def stalled(office: Office, person: Person) -> ClientConnection:
    """Says hello, then never reads again."""
    narrow = socket.socket()
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    narrow.setblocking(False)
    await asyncio.get_running_loop().sock_connect(narrow, ("127.0.0.1", office.port))
    connection = await websockets.connect(
        office.socket_url, sock=narrow, compression=None, max_queue=1, ping_interval=None, proxy=None
    )
    await connection.send(json.dumps({"id": 1, "cmd": "hello", "token": person.token}))
    await connection.recv()
    connection.transport.pause_reading()
    return connection


async def test_stalled_readers_are_closed_while_the_others_hear_everything(office: Office) -> None:
    one, two, *rest = office.people
    slow = rest[:15]
    async with await SocketClient.connect(office, one) as a, await SocketClient.connect(office, two) as b:
        room = await a.create(two, *slow)
        sleepers = [await stalled(office, person) for person in slow]
        await a.send(room, "warm")
        before, peak, slowest = office.memory(), 0, 0.0
        for count in range(600):
            began = time.monotonic()
            await a.send(room, f"{count} {BODY}")
            slowest = max(slowest, time.monotonic() - began)
            peak = max(peak, office.memory())
        await b.until(lambda: len(b.got("message.new")) == 601, "all messages")
        # 15 x 7 MB would have gathered; each may hold its queue and one block.
        assert peak - before < 15 * 2 * QUEUE + 16 * MEGABYTE
        assert slowest < 5, "a gross check: nobody waited for those who sleep"
        assert eventually(lambda: office.measure("sendjay_connections") == 2, 10)
        for sleeper in sleepers:
            sleeper.transport.abort()


async def test_who_was_closed_as_too_slow_is_told_so_and_syncs_exactly(office: Office) -> None:
    one, two = office.people[:2]
    async with await SocketClient.connect(office, one) as a:
        room = await a.create(two)
        sleeper = await stalled(office, two)
        for count in range(1_500):
            await a.send(room, f"{count} {BODY}")
            if count % 20 == 0 and office.measure("sendjay_connections") == 1:
                break
        total = len(await a.timeline(room))
        seen = 0
        sleeper.transport.resume_reading()
        try:
            async for frame in sleeper:
                event = json.loads(frame)
                if event.get("ev") == "message.new":
                    assert event["version"] == seen + 2
                    seen += 1
        except websockets.ConnectionClosed:
            pass
        # Its queue was cut off: what was missing comes by sync, to the last row.
        assert sleeper.close_code in (Close.TOO_SLOW, 1006)
        assert seen < total
        sync = {"rooms": {room: [seen + 1, -1]}, "personal": 0}
        async with await SocketClient.connect(office, two, sync=sync) as again:
            (delta,) = again.welcome["sync"]["rooms"]
            seqs = [row["seq"] for row in delta["messages"]]
            assert seqs == list(range(seen + 1, total + 1))


async def test_who_asks_for_much_and_reads_nothing_is_closed_too(office: Office) -> None:
    one, two = office.people[:2]
    async with await SocketClient.connect(office, one) as a:
        room = await a.create(two)
        for _ in range(100):
            await a.send(room, BODY)
        before = office.memory()
        greedy = [await stalled(office, person) for person in (one, two) for _ in range(4)]
        for connection in greedy:
            try:
                for count in range(300):
                    ask = {"id": count, "cmd": "message.history", "room": room, "limit": 100}
                    await asyncio.wait_for(connection.send(json.dumps(ask)), 1)
            except (websockets.ConnectionClosed, TimeoutError):
                pass
        assert eventually(lambda: office.measure("sendjay_connections") == 1, 15)
        assert office.memory() - before < 80 * MEGABYTE
        key = new_key()
        assert (await a.send(room, "and on it goes", key))["seq"] == 101
        for connection in greedy:
            connection.transport.abort()


async def test_an_answer_larger_than_the_queue_reaches_who_reads_it(office: Office) -> None:
    one, two = office.people[:2]
    async with await SocketClient.connect(office, one) as a:
        room = await a.create(two)
        for _ in range(200):
            await a.send(room, BODY)
        page = await a.ask("message.history", room=room, limit=200)
        assert len(page["messages"]) == 200
        sync = {"rooms": {room: [1, -1]}, "personal": 0}
        async with await SocketClient.connect(office, two, sync=sync) as b:
            assert len(b.welcome["sync"]["rooms"][0]["messages"]) == 200
            # Events that come while a large answer drains do not make its reader a slow one.
            pages = await b.post("message.history", room=room, limit=200)
            for _ in range(20):
                await a.send(room, BODY)
            assert len((await pages)["messages"]) == 200
            await b.until(lambda: len(b.got("message.new")) == 20, "the events")
