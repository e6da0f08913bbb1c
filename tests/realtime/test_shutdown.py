"""A server that stops says so to every connection, and is gone in time."""

from __future__ import annotations

import time

from sendjay.realtime.link import CLOSE_SECONDS
from tests.realtime.conftest import EchoServer
from tests.realtime.raw_client import CLOSE, TEXT, Frame, close, text


def stopped_cleanly(server: EchoServer) -> bool:
    assert server.process.stdout is not None
    return server.process.wait(20) == 0 and "stopped" in server.process.stdout.read()


def test_every_connection_is_told_to_come_back(own_server: EchoServer) -> None:
    clients = [own_server.connect() for _ in range(60)]
    clients[0].send(text("!flood 3 100"))
    assert clients[0].frame() == Frame(TEXT, b"x" * 100)
    own_server.process.terminate()
    for client in clients:
        last = None
        while (frame := client.frame()) is not None:
            last = frame
            if frame.opcode == CLOSE and own_server.fast:
                # Without the fast transport the socket is closed already, and an answer would reset it.
                client.send(close(1012))
        assert last is not None
        assert last.payload[:2] == (1012).to_bytes(2)
        client.socket.close()
    assert stopped_cleanly(own_server)
    assert "Traceback" not in own_server.log.read_text()


def test_silent_connections_do_not_hold_a_stop_up(own_server: EchoServer) -> None:
    clients = [own_server.connect() for _ in range(20)]
    clients[0].send(text("!flood 2000 10000"))  # and never reads it
    time.sleep(0.3)
    began = time.monotonic()
    own_server.process.terminate()
    own_server.process.wait(20)
    assert time.monotonic() - began < CLOSE_SECONDS + 4
    assert "Traceback" not in own_server.log.read_text()
    for client in clients:
        client.socket.close()


def test_a_second_server_may_listen_at_once_where_the_first_was(own_server: EchoServer) -> None:
    client = own_server.connect()
    assert client.ask("hello") == b"hello"
    assert own_server.stop() == 0
    from sendjay.realtime.server import make_server

    again = make_server(lambda: None, port=own_server.port)
    assert again.port == own_server.port
    again.close()
    client.socket.close()
