"""Requests that no honest client sends, each of which once found a gap."""

from __future__ import annotations

import asyncio
import socket
import stat
import time

import pytest

from tests.clients import SocketClient, new_key
from tests.serving import PASSWORD, Office

UPGRADE = (
    b"GET /ws HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)


def upgraded(office: Office, *headers: bytes) -> bytes:
    """The status line that answers a handshake with these headers."""
    with socket.create_connection(("127.0.0.1", office.port), timeout=10) as client:
        client.sendall(UPGRADE + b"".join(each + b"\r\n" for each in headers) + b"\r\n")
        return client.recv(65_536).split(b"\r\n")[0]


@pytest.mark.parametrize("origin", ["http://[", "http://]:1", "http://[::1", "null", ""])
def test_an_origin_that_cannot_be_read_is_another_site(office: Office, origin: str) -> None:
    (one,) = office.some(1)
    body = {"login": one.id, "password": PASSWORD, "cookies": True}
    with office.rest() as rest:
        answer = rest.post("/api/auth/sign-in", json=body, headers={"Origin": origin})
    assert answer.status_code == 403, answer.text
    assert answer.json()["error"]["code"] == "not_allowed"
    origin_line = b"Origin: " + origin.encode()
    assert b" 403 " in upgraded(office, b"Host: x", origin_line)
    assert b" 403 " in upgraded(office, b"Host: ", origin_line), "no host is not the host of no page"


@pytest.mark.parametrize("seq", ["9" * 15, "9" * 16, "9" * 30, "9" * 5000, "-1", "-" + "9" * 30])
async def test_a_position_that_no_timeline_has_is_no_message(office: Office, seq: str) -> None:
    one, two = office.some(2)
    async with await SocketClient.connect(office, one) as client:
        room = await client.create(two)
    with office.rest(one.token) as rest:
        answer = rest.get(f"/api/rooms/{room}/messages/{seq}/unread-by")
    assert answer.status_code in (400, 404), answer.text


async def test_a_text_made_to_take_long_to_compose_holds_nobody_up(office: Office) -> None:
    """Putting a run of accents into order takes the square of its length."""
    one, two = office.some(2)
    async with await SocketClient.connect(office, one) as client:
        room = await client.create(two)

        async def post(body: str) -> int:
            def send() -> int:
                with office.rest(one.token) as rest:
                    path = f"/api/rooms/{room}/messages"
                    return rest.post(path, json={"client_id": new_key(), "body": body}).status_code

            return await asyncio.to_thread(send)

        sending = asyncio.ensure_future(post("a" + "\u0301\u0323" * 40_000))
        worst = 0.0
        while not sending.done():
            began = time.monotonic()
            await client.settle()
            worst = max(worst, time.monotonic() - began)
            await asyncio.sleep(0.01)
        assert await sending == 413
        assert worst < 2, f"everybody waited {worst:.1f} s"
        code = await client.refusal(
            "message.send", room=room, client_id=new_key(), body="a" + "\u0301\u0323" * 1900
        )
        assert code == "invalid"
        accented = "a" + "\u0301\u0323" * 15
        assert (await client.send(room, accented))["seq"] == 1


@pytest.mark.parametrize(
    "other",
    [
        'theme={"dark": true}',
        "last=7 July 2026",
        "이름=홍길동",
        "[0]=x",
        "broken",
        'quote="half',
        "",
        "=",
        "a=b=c",
    ],
)
async def test_cookies_of_other_applications_on_the_host_are_no_hindrance(office: Office, other: str) -> None:
    (one,) = office.some(1)
    cookie = f"{other}; sendjay_access={one.token}; {other}".encode().decode("latin-1")
    async with await SocketClient.open(office, additional_headers={"Cookie": cookie}) as client:
        assert (await client.ask("hello"))["user"] == one.id


def test_no_answer_may_be_framed_guessed_at_or_kept(office: Office) -> None:
    (one,) = office.some(1)
    with office.rest(one.token) as rest:
        for path in (
            "/api/me",
            "/api/rooms",
            "/api/docs",
            "/api/docs/openapi.json",
            "/api/nothing",
            "/metrics",
            "/",
        ):
            answer = rest.get(path)
            assert answer.headers["X-Content-Type-Options"] == "nosniff", path
            assert "frame-ancestors" in answer.headers["Content-Security-Policy"], path
            if path.startswith("/api/"):
                assert answer.headers["Cache-Control"] == "no-store", path
            assert len(answer.headers.get_list("X-Content-Type-Options")) == 1, path
            assert len(answer.headers.get_list("Content-Security-Policy")) == 1, path


def test_nobody_else_on_the_machine_reads_the_database(office: Office) -> None:
    """The messages are in it, and the secrets with which tokens are signed."""
    for file in office.data.glob("sendjay.db*"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name
    assert stat.S_IMODE((office.data / "control.sock").stat().st_mode) == 0o600
