"""A request whose head never ends is refused, however it goes about it."""

from __future__ import annotations

import socket
import time

import httpx
import pytest

from tests.realtime.conftest import EchoServer

REQUEST = b"GET /state HTTP/1.1\r\nHost: x\r\n"


def connect(server: EchoServer) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=10)


@pytest.mark.parametrize(
    ("begin", "piece"),
    [
        (REQUEST, b"X-Fill: " + b"a" * 4000 + b"\r\n"),
        (REQUEST + b"X-Fill: ", b"a" * 4000),
        (b"GET /state?", b"a" * 4000),
    ],
    ids=["many headers", "one header", "the address"],
)
def test_a_head_without_end_is_refused(server: EchoServer, begin: bytes, piece: bytes) -> None:
    before = server.state()["resident_kb"]
    with connect(server) as client:
        client.sendall(begin)
        with pytest.raises(OSError, match=r"reset|Broken pipe"):
            client.sendall(piece * 20_000)
    assert server.state()["resident_kb"] - before < 20_000


@pytest.mark.parametrize("begin", [b"", b"GET /st", REQUEST, REQUEST + b"\r\n" + REQUEST])
def test_a_head_that_does_not_come_ends_the_connection(server: EchoServer, begin: bytes) -> None:
    with connect(server) as client:
        client.sendall(begin)
        began = time.monotonic()
        try:
            while client.recv(65_536):
                pass
        except ConnectionResetError:
            pass
        assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    "begin",
    [
        b"POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{",
        b"POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n",
        b"POST /body HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        b"GET /nothing HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n",
    ],
    ids=["some of it", "none of it", "in chunks", "nobody waits for it"],
)
def test_a_body_that_does_not_come_ends_the_connection(server: EchoServer, begin: bytes) -> None:
    with connect(server) as client:
        client.sendall(begin)
        began = time.monotonic()
        try:
            while client.recv(65_536):
                pass
        except ConnectionResetError:
            pass
        assert time.monotonic() - began < 8


def test_a_body_that_comes_slowly_is_waited_for(server: EchoServer) -> None:
    with connect(server) as client:
        client.sendall(b"POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n")
        for _ in range(5):
            time.sleep(0.8)
            client.sendall(b"b")
        assert client.recv(65_536).startswith(b"HTTP/1.1 200")


def test_requests_one_after_the_other_and_big_bodies_are_served(server: EchoServer) -> None:
    with connect(server) as client:
        for _ in range(3):
            time.sleep(0.8)  # together longer than one head may take
            client.sendall(REQUEST + b"\r\n")
            answer = b""
            while not answer.endswith(b"}"):
                answer += client.recv(65_536)
            assert answer.startswith(b"HTTP/1.1 200")
    answered = httpx.post(f"http://127.0.0.1:{server.port}/body", content=b"b" * 1_000_000, timeout=20)
    assert answered.text == "1000000"
    with server.connect() as link:
        time.sleep(2.5)
        assert link.ask("still open") == b"still open"
