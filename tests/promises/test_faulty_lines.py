"""Over lines that break, fall silent and lose one direction at any moment: what was acknowledged is there
once and in order, and who comes back has exactly the present state. By socket and by stream.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import websockets

from sendjay.protocol.errors import Close
from tests.clients import Json, LostError, SocketClient, new_key
from tests.fault_proxy import FaultProxy
from tests.model_client import ModelClient
from tests.promises.conftest import FAST_TALKERS
from tests.serving import Office, Person, eventually, run_office
from tests.stream_client import StreamClient

KINDS = [SocketClient, StreamClient]
LINES = {"close_timeout": 0.2}
PATIENCE = 1.5
"""Seconds after which a client takes a silent line for a dead one."""
PROPAGATION_SECONDS = 10.0
TROUBLE = (LostError, TimeoutError, OSError, websockets.WebSocketException, httpx.HTTPError)


@pytest.fixture(scope="module")
def office(office_folder: Path) -> Iterator[Office]:
    limits = {"tick_seconds": 2, "connections_per_user": 1_000, "several_connections": True}
    yield from run_office(office_folder, **limits, **FAST_TALKERS)


class Through(Office):
    """The office, at the far end of a faulty line. What is fetched to be compared goes past it."""

    def __init__(self, office: Office, line: FaultProxy) -> None:
        self.__dict__ |= office.__dict__
        self.line = line

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.line.port}"

    @property
    def socket_url(self) -> str:
        return f"ws://127.0.0.1:{self.line.port}/ws"

    def rest(self, token: str | None = None, **headers: str) -> httpx.Client:
        client = super().rest(token, **headers)
        client.base_url = httpx.URL(f"http://127.0.0.1:{self.line.target}")
        return client


async def walk_away(client: SocketClient | None) -> None:
    if client is not None:
        transport = getattr(client.connection, "transport", None)
        if transport is not None:
            transport.abort()
        await client.close()


@dataclass
class Talker:
    """Says one line after the other, each until it is acknowledged, as the outbox of a client does: some at a
    time, and after trouble again from the first that is open, under the same keys.
    """

    person: Person
    kind: type[SocketClient]
    acked: dict[str, Json] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    troubles: int = 0
    outbox: list[tuple[str, str]] = field(default_factory=list)

    async def talk(self, office: Office, room: str, chance: random.Random, enough: asyncio.Event) -> None:
        while self.outbox or not enough.is_set():
            client: SocketClient | None = None
            try:
                client = await self.kind.open(office, **LINES)
                async with asyncio.timeout(PATIENCE):
                    await client.ask("hello", token=self.person.token)
                while self.outbox or not enough.is_set():
                    if not enough.is_set():
                        self.think_of_more()
                    await self.say_some(client, room)
                    await asyncio.sleep(chance.uniform(0, 0.2))
            except TROUBLE:
                self.troubles += 1
                await asyncio.sleep(0.05)
            finally:
                await walk_away(client)

    def think_of_more(self) -> None:
        while len(self.outbox) < 4:
            body = f"{self.person.id} line {len(self.said)}"
            self.said.append(body)
            self.outbox.append((new_key(), body))

    async def say_some(self, client: SocketClient, room: str) -> None:
        async with asyncio.timeout(PATIENCE):
            answers = [
                await client.post("message.send", room=room, client_id=key, body=body)
                for key, body in self.outbox[:4]
            ]
            for answer in answers:
                ack = await answer
                _, body = self.outbox.pop(0)
                self.acked[body] = ack


async def listen(device: ModelClient, done: asyncio.Event) -> None:
    """Keep coming back, and notice by asking when nothing passes."""
    while not done.is_set():
        with contextlib.suppress(*TROUBLE):
            async with asyncio.timeout(PATIENCE):
                await device.connect()
            while device.client is not None and not done.is_set():
                async with asyncio.timeout(PATIENCE):
                    await device.client.settle()
                await asyncio.sleep(0.1)
        await leave(device)
        await asyncio.sleep(0.05)


async def leave(device: ModelClient) -> None:
    await walk_away(device.client)
    await device.disconnect()


async def disturb(line: FaultProxy, chance: random.Random) -> None:
    """All faults, each for a moment or for longer than anybody's patience; in the end all is well."""
    faults: list[tuple[Callable[[], None], float]] = [
        (line.cut, 0.1),
        (line.break_lines, 0.05),
        (line.drop, 0.3),
        (line.drop, PATIENCE + 0.5),
        (lambda: line.half_open("client"), 0.3),
        (lambda: line.half_open("client"), PATIENCE + 0.5),
        (lambda: line.half_open("server"), 0.3),
        (lambda: line.delay(chance.uniform(0.01, 0.15)), 0.5),
        (lambda: line.cut_mid_frame(chance.randrange(3_000)), 0.2),
        (lambda: line.cut_mid_frame(chance.randrange(300)), 0.2),
    ]
    for fault, seconds in chance.sample(faults, len(faults)):
        await asyncio.to_thread(fault)
        await asyncio.sleep(seconds)
        await asyncio.to_thread(line.mend)
        await asyncio.sleep(chance.uniform(0, 0.5))


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("kind", KINDS)
async def test_what_was_acknowledged_is_there_once_and_in_order_and_all_hold_the_present_state(
    office: Office, kind: type[SocketClient], seed: int
) -> None:
    chance = random.Random(seed)
    people = office.some(5)
    async with await SocketClient.connect(office, people[0], device=1) as client:
        room = await client.create(*people[1:])
    with FaultProxy(office.port) as line:
        far = Through(office, line)
        talkers = [Talker(person, kind) for person in people[:3]]
        listeners = [ModelClient(far, person, device=1, opens=kind) for person in people[2:]]
        for device in listeners:
            device.options = LINES
            device.on_screen.add(room)
        enough = asyncio.Event()
        listening = [asyncio.ensure_future(listen(device, enough)) for device in listeners]
        talking = [asyncio.ensure_future(each.talk(far, room, chance, enough)) for each in talkers]
        try:
            await disturb(line, chance)
        finally:
            enough.set()
            await asyncio.wait_for(asyncio.gather(*talking, *listening), 60)
        assert all(talker.troubles > 3 for talker in talkers), "there was no trouble: nothing was tested"
        assert all(len(talker.acked) > 10 for talker in talkers)
        await check_rows(office, people[0], room, talkers)
        for device in listeners:
            await device.connect()
            await is_up_to_date(device)
            await leave(device)


async def check_rows(office: Office, person: Person, room: str, talkers: list[Talker]) -> None:
    async with await SocketClient.connect(office, person, device=1) as client:
        rows = [row for row in await client.timeline(room) if row.get("body")]
    for talker in talkers:
        own = [row for row in rows if row["sender"] == talker.person.id]
        assert [row["body"] for row in own] == talker.said
        assert {row["body"]: row["seq"] for row in own} == {
            body: ack["seq"] for body, ack in talker.acked.items()
        }


async def is_up_to_date(device: ModelClient) -> None:
    assert device.client is not None
    loop = asyncio.get_running_loop()
    end = loop.time() + PROPAGATION_SECONDS
    while True:
        await device.client.settle()
        await device.idle()
        fresh: Any = await asyncio.to_thread(device.fresh_state)
        if device.state() == fresh or loop.time() > end:
            assert device.state() == fresh
            return
        await asyncio.sleep(0.05)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_client_that_hears_while_nobody_hears_it_is_let_go_and_may_come_back(
    office: Office, kind: type[SocketClient]
) -> None:
    one, two = office.some(2)
    with FaultProxy(office.port) as line:
        far = Through(office, line)
        async with await SocketClient.connect(office, two) as other:
            client = await kind.connect(far, one, **LINES)
            room = await other.create(one)
            line.half_open("server")
            await other.send(room, "do you hear me?")
            await client.event("message.new", room=room)
            # It answers every tick, but nothing of it arrives.
            assert await client.close_code() == Close.NO_HELLO
            line.mend()
            await client.close()
            async with await kind.connect(far, one, **LINES) as again:
                await again.send(room, "yes")
                await other.event("message.new", room=room, version=3)


@pytest.mark.parametrize("kind", KINDS)
async def test_the_server_lets_go_of_who_has_fallen_silent(office: Office, kind: type[SocketClient]) -> None:
    (one,) = office.some(1)
    with FaultProxy(office.port) as line:
        client = await kind.connect(Through(office, line), one, **LINES)
        before = office.measure("sendjay_connections")
        line.drop()
        assert await asyncio.to_thread(eventually, lambda: office.measure("sendjay_connections") < before, 15)
        line.mend()
        with pytest.raises(LostError):
            await client.until(lambda: False)
        await walk_away(client)


async def test_where_no_websocket_passes_a_stream_does(tmp_path: Path, office: Office) -> None:
    one, two = office.some(2)
    with FaultProxy(office.port) as line:
        far = Through(office, line)
        line.refuse_websockets()
        with pytest.raises(websockets.InvalidStatus):
            await SocketClient.connect(far, one)
        line.refuse_websockets("close")
        with pytest.raises((OSError, EOFError, websockets.WebSocketException)):
            await SocketClient.connect(far, one)
        line.refuse_websockets("swallow")
        with pytest.raises(TimeoutError):
            await SocketClient.connect(far, one, open_timeout=0.5)
        async with (
            await StreamClient.connect(far, one) as a,
            await SocketClient.connect(office, two) as b,
        ):
            assert line.lines >= 1
            room = await a.create(two)
            await a.send(room, "through the needle's eye")
            await b.event("message.new", room=room)
        line.mend()
        async with await SocketClient.connect(far, one) as a:
            await a.send(room, "and through the door")


async def test_an_answer_that_breaks_off_in_the_middle_is_heard_again(office: Office) -> None:
    one, two = office.some(2)
    with FaultProxy(office.port) as line:
        far = Through(office, line)
        async with await SocketClient.connect(office, two) as other:
            room = await other.create(one)
            for kind in KINDS:
                client = await kind.connect(far, one, **LINES)
                # That of the request which brought it comes on a line of its own where there is a stream.
                line.cut_mid_frame(20, of=b'"re":')
                key = new_key()
                with pytest.raises(LostError):
                    await client.send(room, "half an answer", key)
                await walk_away(client)
                async with await kind.connect(far, one, **LINES) as again:
                    ack = await again.send(room, "half an answer", key)
                rows = [row for row in await other.timeline(room) if row["seq"] == ack["seq"]]
                assert [row["body"] for row in rows] == ["half an answer"]
            assert len([row for row in await other.timeline(room) if row.get("body")]) == len(KINDS)
