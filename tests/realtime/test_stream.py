"""Where no WebSocket passes, a streamed connection is as good as one."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from sendjay.protocol.errors import Close
from sendjay.realtime.link import CLOSE_SECONDS
from tests.clients import RefusedError, SocketClient, new_key
from tests.promises.conftest import FAST_TALKERS
from tests.serving import PASSWORD, Office, Person, eventually, run_office
from tests.stream_client import StreamClient

QUEUE = 262_144
MEGABYTE = 1024 * 1024
PORTAL = "https://portal.example"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    settings = {"tick_seconds": 2, "send_queue_bytes": QUEUE, "embed_origins": PORTAL}
    yield from run_office(tmp_path_factory.mktemp("office"), **settings, **FAST_TALKERS)


async def test_one_by_socket_and_one_by_stream_talk_with_each_other(office: Office) -> None:
    one, two = office.some(2)
    async with await SocketClient.connect(office, one) as a, await StreamClient.connect(office, two) as b:
        room = await a.create(two)
        await b.event("room.added", room=room)
        await a.send(room, "is anybody there?")
        assert (await b.event("message.new", room=room))["message"]["body"] == "is anybody there?"
        await b.send(room, "yes, by another way:\ndata: in several\n\nlines")
        heard = await a.event("message.new", room=room, version=3)
        assert heard["message"]["body"] == "yes, by another way:\ndata: in several\n\nlines"
        await b.event("message.new", room=room, version=3)


async def test_it_begins_with_what_gets_through_proxies_that_gather(office: Office) -> None:
    async with await StreamClient.connect(office, office.people[0]) as client:
        headers = client.connection.open_headers
        assert headers is not None
        assert headers["content-type"] == "text/event-stream"
        assert headers["cache-control"] == "no-store, no-transform"
        assert headers["x-accel-buffering"] == "no"
        assert len(client.connection.padding) >= 2_000
        assert len(client.connection.connection_id) >= 24
        assert client.connection.connection_id != client.welcome["connection"]


async def test_who_comes_back_hears_what_they_missed(office: Office) -> None:
    one, two = office.some(2)
    async with await SocketClient.connect(office, one) as a:
        room = await a.create(two)
        await a.send(room, "before")
        async with await StreamClient.connect(office, two) as b:
            version = (await b.ask("room.get", room=room))["room"]["room"]["version"]
        for n in range(3):
            await a.send(room, f"missed {n}")
        sync = {"rooms": {room: [version, -1]}, "personal": 0}
        async with await StreamClient.connect(office, two, sync=sync) as b:
            (delta,) = b.welcome["sync"]["rooms"]
            assert [row["body"] for row in delta["messages"]] == [f"missed {n}" for n in range(3)]


async def test_several_commands_in_one_request_are_each_answered(office: Office) -> None:
    async with await StreamClient.connect(office, office.people[0]) as client:
        commands = [
            '{"id": 101, "cmd": "tick"}',
            "",
            "no json",
            '{"id": 102, "cmd": "no.such.command"}\r',
            '{"id": 103, "cmd": "rooms.list"}',
        ]
        assert (await client.connection.post("\n".join(commands) + "\n")).status_code == 204
        assert "ok" in await client.stray(101)
        assert (await client.stray(None))["error"]["code"] == "malformed"
        assert (await client.stray(102))["error"]["code"] == "unknown_command"
        assert "ok" in await client.stray(103)
        # A fault of its own is no reason to end what goes on.
        await client.settle()


async def test_commands_of_one_connection_are_done_in_their_order(office: Office) -> None:
    one, two = office.some(2)
    async with await StreamClient.connect(office, one) as client:
        room = await client.create(two)
        sent = [
            await client.post("message.send", room=room, client_id=new_key(), body=f"{n}") for n in range(200)
        ]
        seqs = [(await each)["seq"] for each in sent]
        assert seqs == list(range(seqs[0], seqs[0] + 200))
        await client.until(lambda: len(client.got("message.new", room=room)) == 200)
        versions = [event["version"] for event in client.got("message.new", room=room)]
        assert versions == sorted(versions)


async def test_who_answers_ticks_stays_and_who_does_not_is_gone(office: Office) -> None:
    one, two = office.some(2)
    async with await StreamClient.connect(office, one) as awake, await StreamClient.connect(office, two) as b:
        b.answers_ticks = False
        assert await b.close_code() == Close.NO_HELLO
        await awake.settle()


async def test_a_refused_hello_says_why_and_ends(office: Office) -> None:
    async with await StreamClient.open(office) as client:
        with pytest.raises(RefusedError, match="unauthorized"):
            await client.ask("hello", token="forged")
        assert await client.close_code() == Close.REFRESH


async def test_signing_out_ends_it_at_once(office: Office) -> None:
    one, two = office.some(2)
    async with (
        await StreamClient.connect(office, one) as client,
        await SocketClient.connect(office, two) as b,
    ):
        room = await b.create(one)
        with office.rest(one.token) as rest:
            assert rest.post("/api/auth/sign-out", json={}).status_code == 204
        assert await client.close_code() == Close.STOP
        await b.send(room, "after the sign-out")
        assert client.events[-1]["ev"] == "signed_out"
        assert (await client.connection.post('{"id": 1, "cmd": "tick"}')).status_code == 404


async def test_closing_and_walking_away_both_leave_nothing_behind(office: Office) -> None:
    assert eventually(lambda: office.measure("sendjay_connections") == 0)
    clean = await StreamClient.connect(office, office.people[0])
    rude = await StreamClient.connect(office, office.people[1])
    assert office.measure("sendjay_connections") == 2
    assert (await clean.connection.say_close()).status_code == 204
    assert await clean.close_code() == 1000
    assert office.measure("sendjay_connections") == 1
    await rude.connection.abort()
    assert await asyncio.to_thread(eventually, lambda: office.measure("sendjay_connections") == 0)
    for client in (clean, rude):
        await client.close()


async def test_who_closes_leaves_the_place_at_once_to_whom_is_parked(tmp_path: Path) -> None:
    for office in run_office(tmp_path, 1, several_connections="false"):
        (one,) = office.people
        waits = {"claim": False, "generation": 0, "browser": "laptop"}
        stream = await StreamClient.connect(office, one)
        async with await StreamClient.connect(office, one, device=1, place=waits) as parked:
            assert parked.welcome["parked"]
            assert await parked.refusal("rooms.list") == "parked"
            began = time.monotonic()
            await stream.close()
            await parked.event("place.free")
            assert time.monotonic() - began < 4, "not only after the grace of a line that broke"
            await parked.ask("place.take")
            await parked.ask("rooms.list")


async def test_a_goodbye_that_comes_behind_the_end_of_its_stream_counts(tmp_path: Path) -> None:
    for office in run_office(tmp_path, 1, several_connections="false"):
        (one,) = office.people
        waits = {"claim": False, "generation": 0, "browser": "laptop"}
        stream = await StreamClient.connect(office, one)
        async with await StreamClient.connect(office, one, device=1, place=waits) as parked:
            assert parked.welcome["parked"]
            began = time.monotonic()
            await stream.connection.abort()
            await stream.connection.say_close()
            await parked.event("place.free")
            assert time.monotonic() - began < 4, "not only after the grace of a line that broke"
        await stream.close()


async def test_a_page_with_a_cookie_needs_no_token(office: Office) -> None:
    (one,) = office.some(1)
    cookie = {"Cookie": f"theme=dark; sendjay_access={one.token}", "Origin": office.url}
    async with await StreamClient.open(office, headers=cookie) as client:
        assert (await client.ask("hello"))["user"] == one.id
        await client.settle()
        assert client.connection.statuses == [204]


async def test_the_token_may_come_in_a_header(office: Office) -> None:
    (one,) = office.some(1)
    async with await StreamClient.open(office, headers={"Authorization": f"Bearer {one.token}"}) as client:
        assert (await client.ask("hello"))["user"] == one.id
        await client.settle()


async def test_after_a_new_token_of_the_same_session_it_goes_on(office: Office) -> None:
    (one,) = office.some(1)
    with office.rest() as rest:
        body = {"login": one.id, "password": PASSWORD}
        tokens = rest.post("/api/auth/sign-in", json=body).raise_for_status().json()
        async with await StreamClient.connect(office, tokens["access_token"]) as client:
            again = {"refresh_token": tokens["refresh_token"]}
            renewed = rest.post("/api/auth/refresh", json=again).raise_for_status().json()["access_token"]
            answer = await client.connection.post(
                '{"id": 9, "cmd": "tick"}', Authorization=f"Bearer {renewed}"
            )
            assert answer.status_code == 204
            await client.stray(9)


async def test_pages_that_embed_the_messenger_may_use_it_with_a_token(office: Office) -> None:
    one, two = office.some(2)
    with office.rest() as rest:
        asks = {"Origin": PORTAL, "Access-Control-Request-Method": "POST"}
        for path in ("/stream", "/stream/anything", "/stream/anything/close"):
            preflight = rest.options(path, headers=asks)
            assert preflight.status_code == 204
            assert preflight.headers["access-control-allow-origin"] == PORTAL
            assert preflight.headers["access-control-allow-methods"] == "POST"
            allowed = preflight.headers["access-control-allow-headers"]
            assert set(allowed.split(", ")) == {"authorization", "content-type"}
            assert "access-control-allow-credentials" not in preflight.headers
    async with await StreamClient.connect(office, one, headers={"Origin": PORTAL}) as client:
        assert client.connection.open_headers is not None
        assert client.connection.open_headers["access-control-allow-origin"] == PORTAL
        room = await client.create(two)
        await client.send(room, "from within the portal")
    # Even where its browser would send the cookie along, it is not for this page.
    cookie = {"Cookie": f"sendjay_access={one.token}", "Origin": PORTAL}
    async with await StreamClient.open(office, headers=cookie) as client:
        assert await client.refusal("hello") == "unauthorized"
    async with await SocketClient.open(
        office, origin=PORTAL, additional_headers={"Cookie": cookie["Cookie"]}
    ) as page:
        assert await page.refusal("hello") == "unauthorized"
    async with await SocketClient.connect(office, one, origin=PORTAL) as page:
        await page.settle()


async def test_a_server_that_stops_says_so_to_all_and_is_gone_in_time(tmp_path: Path) -> None:
    office = Office(tmp_path, 30, send_queue_bytes=8 * MEGABYTE)
    office.start()
    clients = [await StreamClient.connect(office, person) for person in office.people[:20]]
    sleepers = [await stalled(office, person) for person in office.people[20:25]]
    room = await clients[0].create(*office.people)
    await fill(clients[0], room, 120)
    began = time.monotonic()
    stopping = asyncio.ensure_future(asyncio.to_thread(office.stop))
    assert {await client.close_code() for client in clients} == {Close.RESTART}
    await stopping
    assert time.monotonic() - began < CLOSE_SECONDS + 5
    assert "ERROR" not in office.said()
    assert "error" not in office.said()
    for client in clients:
        await client.close()
    for sleeper in sleepers:
        sleeper.close()


# Readers who do not read

BODY = "한" * 3900


async def stalled(office: Office, person: Person) -> socket.socket:
    """Opens a stream and reads no further than the welcome."""
    narrow = socket.socket()
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    narrow.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(narrow, ("127.0.0.1", office.port))
    hello = json.dumps({"id": 1, "cmd": "hello", "token": person.token}).encode()
    head = (
        f"POST /stream HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(hello)}"
    )
    await loop.sock_sendall(narrow, head.encode() + b"\r\n\r\n" + hello)
    come = b""
    while b'"re":1' not in come:
        come += await loop.sock_recv(narrow, 1_000)
    return narrow


async def fill(client: SocketClient, room: str, count: int) -> None:
    for n in range(count):
        await client.send(room, f"{n} {BODY}")


async def test_who_does_not_read_is_closed_cut_off_and_delays_nobody(office: Office) -> None:
    one, two, *slow = office.some(12)
    assert eventually(lambda: office.measure("sendjay_connections") == 0)
    async with await SocketClient.connect(office, one) as a, await StreamClient.connect(office, two) as b:
        room = await a.create(two, *slow)
        sleepers = [await stalled(office, person) for person in slow]
        assert all(is_held(office, each) for each in sleepers)
        before = office.memory()
        await fill(a, room, 500)
        await b.until(lambda: len(b.got("message.new")) == 500, "all messages")
        # 10 x 6 MB would have gathered.
        assert office.memory() - before < 10 * 2 * QUEUE + 24 * MEGABYTE
        assert await asyncio.to_thread(eventually, lambda: office.measure("sendjay_connections") == 2, 10)
        # Nor does the server hold their sockets, although they never read nor close.
        assert await asyncio.to_thread(
            eventually, lambda: not [each for each in sleepers if is_held(office, each)], CLOSE_SECONDS + 5
        )
    for sleeper in sleepers:
        sleeper.close()


def is_held(office: Office, sleeper: socket.socket) -> bool:
    """Does the server still have its end of this connection?"""
    port = sleeper.getsockname()[1]
    assert office._process is not None
    held = psutil.Process(office._process.pid).net_connections("tcp")
    return any(each.raddr and each.raddr.port == port for each in held)


async def test_an_answer_larger_than_the_queue_reaches_who_reads_it(office: Office) -> None:
    one, two = office.some(2)
    async with await SocketClient.connect(office, one) as a:
        room = await a.create(two)
        await fill(a, room, 100)
        async with await StreamClient.connect(office, two) as b:
            page = await b.ask("message.history", room=room, limit=200)
            assert len(page["messages"]) == 100
