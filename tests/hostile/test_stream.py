"""What somebody would try with streamed connections: others' ones, foreign pages, floods and dribbles."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import time
from collections.abc import Iterator

import httpx
import pytest

from sendjay.protocol.errors import Close
from sendjay.realtime.stream import _BODY_FRAMES
from tests.clients import LostError, RefusedError, SocketClient, new_key
from tests.hostile.alive import still_serves
from tests.serving import Office, Person, eventually, run_office
from tests.stream_client import StreamClient

FRAME = 65_536
TICK = '{"id": 77, "cmd": "tick"}'
JSON = {"Content-Type": "application/json"}
EVIL = "https://evil.example"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    settings = {"frame_bytes_max": FRAME, "hello_seconds": 2, "log_level": "debug"}
    yield from run_office(tmp_path_factory.mktemp("office"), **settings)


def hello(token: str | None = None) -> str:
    return json.dumps({"id": 1, "cmd": "hello"} | ({} if token is None else {"token": token}))


def head_of(body: bytes) -> bytes:
    lines = ("POST /stream HTTP/1.1", "Host: x", "Content-Type: application/json", "Content-Length: ")
    return "\r\n".join(lines).encode() + b"%d\r\n\r\n" % len(body)


def bearer(person: Person, device: int = 0) -> dict[str, str]:
    return {**JSON, "Authorization": f"Bearer {person.tokens[device]}"}


def refused(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    return answer.status_code, answer.json()["error"]["code"]


# Whose connection is it?


async def test_the_name_of_a_connection_is_worth_nothing_without_its_session(office: Office) -> None:
    one, two = office.some(2)
    async with (
        await StreamClient.connect(office, one) as mine,
        await StreamClient.connect(office, two) as other,
    ):
        path = f"/stream/{mine.connection.connection_id}"
        room = await mine.create(two)
        forged = json.dumps(
            {"id": 5, "cmd": "message.send", "room": room, "client_id": new_key(), "body": "not me"}
        )
        with office.rest() as rest:
            for headers in (bearer(two), bearer(one, 1)):
                absent = rest.post(f"/stream/{'x' * 32}", content=TICK, headers=headers)
                for tried in (path, f"{path}/close"):
                    answer = rest.post(tried, content="" if "close" in tried else forged, headers=headers)
                    assert refused(answer) == (404, "not_found")
                    assert answer.json() == absent.json()
            for headers in (
                JSON,
                {**JSON, "Authorization": "Bearer forged"},
                {**JSON, "Authorization": "Basic eDp5"},
                {**JSON, "Authorization": f"Bearer {'x' * 5_000}"},
                {**JSON, "Cookie": "sendjay_access=forged"},
                # A header that was sent is not passed over for a cookie that would do.
                {**JSON, "Authorization": "Bearer forged", "Cookie": f"sendjay_access={one.token}"},
            ):
                for tried in (path, f"{path}/close", f"/stream/{'x' * 32}"):
                    answer = rest.post(tried, content="" if "close" in tried else TICK, headers=headers)
                    assert refused(answer) == (401, "unauthorized")
        await mine.settle()
        await other.settle()
        assert not mine.got("message.new")
        assert not mine.strays


async def test_a_connection_that_has_ended_is_as_absent_as_one_that_never_was(office: Office) -> None:
    (one,) = office.some(1)
    client = await StreamClient.connect(office, one)
    await client.close()
    with office.rest() as rest:
        for path in (
            client.connection.connection_id,
            f"{client.connection.connection_id}/close",
            "..",
            "%00",
        ):
            body = "" if "close" in path else TICK
            answer = rest.post(f"/stream/{path}", content=body, headers=bearer(one))
            assert answer.status_code in (404, 405)


async def test_an_expired_token_opens_nothing_and_brings_no_commands(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    office = Office(tmp_path_factory.mktemp("expiring"), 1, access_token_seconds=3)
    # The tokens of a company are as long-lived as usual: these are made by signing in.
    office.start()
    try:
        with office.rest() as rest:
            body = {"login": office.people[0].id, "password": "seventeen grey herons"}
            token = rest.post("/api/auth/sign-in", json=body).raise_for_status().json()["access_token"]
            client = await StreamClient.connect(office, token)
            await asyncio.sleep(3.2)
            assert (await client.connection.post(TICK)).status_code == 401
            await client.connection.abort()
            await client.close()
        async with await StreamClient.open(office) as late:
            with pytest.raises(RefusedError, match="unauthorized"):
                await late.ask("hello", token=token)
            assert await late.close_code() == Close.REFRESH
    finally:
        office.stop()


async def test_nobody_speaks_for_a_connection_that_was_refused(office: Office) -> None:
    async with await StreamClient.open(office) as client:
        assert await client.refusal("hello", token="forged") == "unauthorized"
        (one,) = office.some(1)
        with office.rest() as rest:
            path = f"/stream/{client.connection.connection_id}"
            assert refused(rest.post(path, content=hello(one.token), headers=bearer(one)))[0] == 404


# Other sites' pages


def test_a_foreign_page_gets_nowhere_even_with_the_cookie(office: Office) -> None:
    (one,) = office.some(1)
    with office.rest() as rest:
        for origin in (EVIL, "null", "", f"{office.url}.evil.example", "http://[broken"):
            headers = {**JSON, "Origin": origin, "Cookie": f"sendjay_access={one.token}"}
            for path in ("/stream", "/stream/x", "/stream/x/close"):
                body = hello() if path == "/stream" else ""
                answer = rest.post(path, content=body, headers=headers)
                assert refused(answer) == (403, "not_allowed")
                assert "access-control-allow-origin" not in answer.headers
            preflight = rest.options("/stream", headers={"Origin": origin})
            assert preflight.status_code == 403
            assert "access-control-allow-origin" not in preflight.headers
    assert office.measure("sendjay_connections") == 0


async def test_what_a_form_can_send_is_not_taken(office: Office) -> None:
    (one,) = office.some(1)
    kinds = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
    kinds += ["text/plain; application/json", "application/jsonp"]
    with office.rest() as rest:
        for kind in kinds:
            headers = {"Content-Type": kind, "Cookie": f"sendjay_access={one.token}"}
            assert refused(rest.post("/stream", content=hello(), headers=headers)) == (415, "invalid")
        async with await StreamClient.connect(office, one) as client:
            for kind in kinds:
                assert (await client.connection.post(TICK, **{"Content-Type": kind})).status_code == 415
            await client.settle()
            assert not client.strays


def test_other_methods_and_paths_are_refused_in_order(office: Office) -> None:
    (one,) = office.some(1)
    with office.rest() as rest:
        for method in ("GET", "HEAD", "PUT", "DELETE", "PATCH"):
            for path in ("/stream", "/stream/x"):
                answer = rest.request(method, path, headers=bearer(one))
                assert answer.status_code == 405
                assert answer.headers["allow"] == "POST"
        for path in ("/stream/x/y", "/stream/x/close/", "/stream/x/close/y", "/stream//close"):
            assert rest.post(path, headers=bearer(one)).status_code in (404, 415), path
        assert rest.post("/streams", headers=bearer(one), json={}).status_code in (404, 405)


# Bodies


def test_a_first_message_that_is_no_hello_opens_nothing(office: Office) -> None:
    (one,) = office.some(1)
    with office.rest() as rest:
        for body, outcome in (
            ("", (400, "malformed")),
            ("junk", (400, "malformed")),
            ("[1]", (400, "malformed")),
            (b"\xff\xfe", (400, "malformed")),
            ("[" * 50_000, (400, "malformed")),
            ('{"id": 1, "cmd": "nothing"}', (400, "unknown_command")),
            (TICK, (401, "hello_first")),
            (hello(one.token) + "\n" + TICK, (400, "malformed")),
            ('{"id":1,"cmd":"hello","token":"a","token":"b"}', (400, "malformed")),
            ('{"id":1,"cmd":"hello","tokens":"a"}', (400, "invalid")),
        ):
            assert refused(rest.post("/stream", content=body, headers=bearer(one))) == outcome, body[:40]


async def test_giant_bodies_are_refused_and_held_by_nobody(office: Office) -> None:
    one, two = office.some(2)
    before = office.memory()
    async with await StreamClient.connect(office, one) as client:
        big = json.dumps({"id": 5, "cmd": "tick", "x": "x" * FRAME})
        many = "\n".join([TICK + " " * (FRAME - len(TICK))] * _BODY_FRAMES + [TICK])
        for body in (big, TICK + "\n" + big, many):
            assert (await client.connection.post(body)).status_code == 413
        with office.rest() as rest:
            answer = rest.post("/stream", content="x" * (FRAME + 1), headers=bearer(two))
            assert refused(answer) == (413, "too_long")

            def pieces() -> Iterator[bytes]:
                for _ in range(1_000):
                    yield b"x" * 100_000

            # In chunks, so that nothing is announced.
            for path in ("/stream", f"/stream/{client.connection.connection_id}"):
                try:
                    answer = rest.post(path, content=pieces(), headers=bearer(one))
                    assert refused(answer) == (413, "too_long")
                except httpx.HTTPError:
                    pass  # cut off while sending
        await client.settle()
        assert not client.strays, "none of it was done"
    assert office.memory() - before < 30 * 1024 * 1024
    await still_serves(office)


def test_a_hello_that_dribbles_in_is_given_up(office: Office) -> None:
    (one,) = office.some(1)
    body = hello(one.token).encode()
    with socket.create_connection(("127.0.0.1", office.port), timeout=10) as line:
        line.sendall(head_of(body))
        began = time.monotonic()
        answer = b""
        line.settimeout(0.3)
        for byte in body:
            line.sendall(bytes([byte]))
            try:
                answer += line.recv(10_000)
                break
            except TimeoutError:
                continue
        assert answer.startswith(b"HTTP/1.1 408")
        assert time.monotonic() - began < 8


async def test_garbage_lines_are_answered_until_it_is_enough(office: Office) -> None:
    (one,) = office.some(1)
    client = await StreamClient.connect(office, one)
    assert (await client.connection.post(b"\xff\xff")).status_code == 400
    garbage = ["junk", "{", "null", "[]", '{"cmd": 1}', '{"id": -1, "cmd": "tick"}', "\x00", '"', "1e999"]
    assert (await client.connection.post("\n".join(garbage * 2_000))).status_code == 204
    assert await client.close_code() == Close.NO_HELLO
    assert len(client.strays) <= 102
    assert (await client.connection.post(TICK)).status_code == 404
    await client.close()
    await still_serves(office)


async def test_many_commands_at_once_are_slowed_down_as_on_a_socket(office: Office) -> None:
    (one,) = office.some(1)
    async with await StreamClient.connect(office, one) as client:
        lines = "\n".join(json.dumps({"id": n, "cmd": "tick"}) for n in range(1_000, 1_450))
        assert (await client.connection.post(lines)).status_code == 204
        await client.until(lambda: len(client.strays) == 450, "all answers")
        good = [each for each in client.strays if "ok" in each]
        assert 390 <= len(good) <= 420
        assert {each["error"]["code"] for each in client.strays if "error" in each} == {"rate_limited"}


# Crowds


async def test_thousands_of_opens_leave_nothing_behind(office: Office) -> None:
    people = office.some(10)

    async def come_and_go(number: int) -> None:
        client = await StreamClient.open(office)
        token = "forged" if number % 3 == 0 else people[number % 10].token
        try:
            asked = await client.post("hello", token=token)
            if number % 2:
                await asked
        except (RefusedError, LostError):
            pass
        await client.connection.abort()
        await client.close()

    async def rounds(count: int) -> None:
        for start in range(0, count, 20):
            await asyncio.gather(*(come_and_go(number) for number in range(start, start + 20)))

    await rounds(400)
    before = office.memory()
    await rounds(1_200)
    assert await asyncio.to_thread(eventually, lambda: office.measure("sendjay_connections") == 0)
    assert office.memory() - before < 20 * 1024 * 1024
    await still_serves(office)


async def test_one_person_and_one_address_have_only_so_many(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("crowded")
    office = Office(path, 3, connections_per_user=2, connections_per_address=4)
    office.start()
    try:
        one, two, three = office.people
        clients = [await StreamClient.connect(office, one) for _ in range(2)]
        with pytest.raises(RefusedError, match="too_many"):
            await StreamClient.connect(office, one)
        clients.append(await SocketClient.connect(office, two))
        clients.append(await StreamClient.connect(office, two))
        with office.rest() as rest:
            answer = rest.post("/stream", content=hello(three.token), headers=JSON)
            assert refused(answer) == (429, "rate_limited")
            assert int(answer.headers["retry-after"]) > 0
        # Those who are in may go on talking.
        await asyncio.gather(*(client.settle() for client in clients))
        for client in clients:
            await client.close()
        assert eventually(lambda: office.measure("sendjay_connections") == 0)
        async with await StreamClient.connect(office, three) as client:
            await client.settle()
    finally:
        office.stop()


async def test_a_request_behind_an_open_stream_does_not_keep_it_alive(office: Office) -> None:
    """Pipelined: the server's HTTP layer tells only the last request of a connection that it is gone."""
    (one,) = office.some(1)
    body = hello(one.token).encode()
    with socket.create_connection(("127.0.0.1", office.port), timeout=10) as line:
        line.sendall(head_of(body) + body + b"GET /api/server HTTP/1.1\r\nHost: x\r\n\r\n")
        come = b""
        while b'"re":1' not in come:
            come += line.recv(10_000)
        assert come.count(b"HTTP/1.1 ") == 1
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # a reset
    assert await asyncio.to_thread(eventually, lambda: office.measure("sendjay_connections") == 0)
    await still_serves(office)
