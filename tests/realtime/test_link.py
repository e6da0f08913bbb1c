"""What a link promises its owner, on both transports."""

from __future__ import annotations

import json
import socket
import struct
import time
import urllib.error
import urllib.request
from collections.abc import Callable

import pytest

from sendjay.realtime.link import CLOSE_SECONDS
from tests.realtime.conftest import EchoServer
from tests.realtime.raw_client import CLOSE, TEXT, Frame, RawClient, close, ping, text


def eventually(happened: Callable[[], bool], seconds: float = 10.0) -> bool:
    until = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def closing(code: int, reason: str = "") -> Frame:
    return Frame(CLOSE, code.to_bytes(2) + reason.encode())


def test_what_is_due_leaves_before_the_close_frame_and_nothing_after_it(server: EchoServer) -> None:
    before = server.state()["lost"]
    with server.connect() as client:
        client.say("!close 4001 bye")
        assert client.frame() == Frame(TEXT, b"before the end")
        assert client.frame() == closing(4001, "bye")
        client.send(text("never answered"), ping() if server.fast else b"", close(4001))
        assert client.rest() == []
    assert eventually(lambda: server.state()["lost"] == [*before, 4001])


def test_a_peer_that_never_answers_a_close_is_cut_off(server: EchoServer) -> None:
    if not server.fast:
        return  # uvicorn's own deadline is ten seconds, and plain ASGI has no other
    with server.connect() as client:
        client.say("!close 4001")
        began = time.monotonic()
        frames = client.rest()
        assert frames[-1] == closing(4001)
        assert time.monotonic() - began < CLOSE_SECONDS + 3


def test_an_error_in_the_owner_closes_with_1011_and_shows_nothing(server: EchoServer) -> None:
    with server.connect() as bystander:
        with server.connect() as client:
            client.say("!raise")
            assert client.frame() == closing(1011)
            client.send(close(1011))
            assert client.rest() == []
        with server.connect("User-Agent: refused by accept") as client:
            assert client.frame() == closing(1011)
        with server.connect("User-Agent: closed by accept") as client:
            assert client.frame() == closing(4013, "full")
        assert bystander.ask("still here") == b"still here"
    assert eventually(lambda: "RuntimeError: a secret" in server.log.read_text())


@pytest.mark.parametrize("fast_code", [1006], ids=["broken"])
def test_half_closed_and_reset_connections_end(server: EchoServer, fast_code: int) -> None:
    code = fast_code if server.fast else 1005
    before = server.state()["lost"]
    with server.connect() as client:
        client.send(text("kept"))
        assert client.frame() == Frame(TEXT, b"kept")
        client.socket.shutdown(socket.SHUT_WR)
        assert client.rest() == []
    assert eventually(lambda: server.state()["lost"] == [*before, code])
    with server.connect() as client:
        client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.socket.close()
    assert eventually(lambda: server.state()["lost"] == [*before, code, code])
    with server.connect() as client:
        client.send(close(1001))
        client.socket.shutdown(socket.SHUT_WR)
        assert client.rest() == [closing(1001)]
    assert eventually(lambda: server.state()["lost"] == [*before, code, code, 1001])


def test_a_slow_reader_shows_in_buffered_and_can_be_closed(server: EchoServer) -> None:
    flood, bound = 20_000_000, 1_000_000
    with server.connect() as owner, server.connect(receive_buffer=4096) as slow:
        slow.say(f"!flood 2000 {flood // 2000}")
        assert eventually(lambda: server.state()["buffered"][-1] > bound)
        assert owner.ask("not delayed") == b"not delayed"
        owner.say(f"!close_slow {bound}")
        assert eventually(lambda: server.state()["lost"][-1:] == [4008])
        assert eventually(lambda: sum(server.state()["buffered"]) == 0)
        time.sleep(CLOSE_SECONDS + 1)
        taken = 0
        try:
            while data := slow.socket.recv(1_000_000):
                taken += len(data)
        except ConnectionResetError:
            pass
        assert taken < flood / 2
        assert owner.ask("alive") == b"alive"


def test_a_peer_that_asks_and_never_reads_is_not_listened_to_without_end(server: EchoServer) -> None:
    if not server.fast:
        return  # uvicorn answers pings without looking at what is still unsent
    with server.connect(receive_buffer=4096, seconds=1.0) as rude:
        with pytest.raises(TimeoutError):
            rude.send(*[ping(b"p" * 125) * 1000] * 500)
        assert server.state()["buffered"][-1] < 2_000_000
    assert eventually(lambda: server.state()["links"] == 0)


def test_one_broken_socket_does_not_strand_the_others(server: EchoServer) -> None:
    if not server.fast:
        return  # each plain connection has a task of its own
    with server.connect() as one, server.connect() as two, server.connect() as three:
        assert one.ask("!break_one") == b"before"
        assert [two.frame(), three.frame()] == [Frame(TEXT, b"after")] * 2
        assert [each.ask("alive") for each in (one, two, three)] == [b"alive"] * 3


def test_messages_to_many_arrive_whole_and_in_order(server: EchoServer) -> None:
    clients = [server.connect() for _ in range(40)]
    for number in range(50):
        clients[number % 40].say(f"!everyone {number}")
    received = [[client.frame() for _ in range(50)] for client in clients]
    assert all(frames == received[0] for frames in received)
    assert sorted(int(frame.payload) for frame in received[0] if frame) == list(range(50))
    for client in clients:
        client.socket.close()
    assert eventually(lambda: server.state()["links"] == 0)


def test_only_allowed_origins_and_programs_may_connect(server: EchoServer) -> None:
    for headers in (
        ["Origin: https://evil.example"],
        ["Origin: https://portal.example.evil.example"],
        ["Origin: null"],
        ["Origin: https://portal.example", "Origin: https://evil.example"],
        ["Origin:"],
    ):
        with RawClient(server.port, *headers) as stranger:
            assert stranger.status in (400, 403), headers
            assert "websocket" not in stranger.response.lower()
    with server.connect("Origin: https://portal.example") as page, server.connect() as program:
        assert page.ask("in") == program.ask("in") == b"in"


def test_the_handshake_tells_who_asks(server: EchoServer) -> None:
    headers = ["Origin: https://portal.example", "Cookie: a=1; b=2", "User-Agent: Test/1"]
    with server.connect(*headers, "X-Forwarded-For: 203.0.113.7") as client:
        assert json.loads(client.ask("!handshake")) == {
            # The direct transport's server trusts no proxy.
            "address": "127.0.0.1" if server.transport == "direct" else "203.0.113.7",
            "origin": "https://portal.example",
            "host": f"127.0.0.1:{server.port}",
            "cookies": "a=1; b=2",
            "user_agent": "Test/1",
        }
    with server.connect() as client:
        told = json.loads(client.ask("!handshake"))
        assert (told["address"], told["origin"], told["cookies"]) == ("127.0.0.1", None, "")


def test_plain_http_on_the_socket_address_is_answered_and_closed(server: EchoServer) -> None:
    with pytest.raises(urllib.error.HTTPError) as refusal:
        urllib.request.urlopen(f"http://127.0.0.1:{server.port}/ws", timeout=20)
    assert refusal.value.code == 426
    assert json.load(refusal.value)["error"]["code"] == "upgrade_required"


def test_connections_leave_no_memory_behind(own_server: EchoServer) -> None:
    count = 1500

    def come_and_go() -> float:
        clients = [own_server.connect() for _ in range(count)]
        for client in clients[::7]:
            client.say("hello")
        state = own_server.state()
        assert state["links"] == count
        for number, client in enumerate(clients):
            if number % 2:
                client.send(close())
            client.socket.close()
        assert eventually(lambda: own_server.state()["links"] == 0)
        return state["resident_kb"]

    empty = own_server.state()["resident_kb"]
    peaks = [come_and_go() for _ in range(4)]
    assert peaks[-1] - peaks[1] < count  # kilobytes: less than one a connection that came and went
    if own_server.fast:
        assert (peaks[0] - empty) / count < 16
