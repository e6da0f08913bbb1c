"""What the fast transport takes for granted of uvicorn's inner parts.

When a release of uvicorn breaks one of these, `sendjay.realtime.fast_socket` or `http_guard` needs a look
before the release is used; until then `make_server(fast=False)` works with any.
"""

from __future__ import annotations

import asyncio
import inspect

import pytest
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import Server, ServerState

VERSION = f"uvicorn {uvicorn.__version__}"


async def new_protocol() -> WebSocketsSansIOProtocol:
    async def app(scope: object, receive: object, send: object) -> None:
        pass

    config = uvicorn.Config(app, ws=WebSocketsSansIOProtocol, log_config=None)
    config.load()
    return WebSocketsSansIOProtocol(config=config, server_state=ServerState(), app_state={})


@pytest.mark.parametrize(
    ("attribute", "kind"),
    [
        ("config", uvicorn.Config),
        ("connections", set),
        ("loop", asyncio.AbstractEventLoop),
        ("handshake_complete", bool),
        ("disconnected", bool),
        ("read_paused", bool),
    ],
)
async def test_the_handshake_keeps_its_state_where_the_takeover_looks(attribute: str, kind: type) -> None:
    protocol = await new_protocol()
    assert isinstance(getattr(protocol, attribute, None), kind), f"{VERSION}: no {kind.__name__} {attribute}"


async def test_the_handshake_keeps_its_transport_and_parser_where_the_takeover_looks() -> None:
    protocol = await new_protocol()
    assert "transport" in vars(protocol), VERSION
    assert inspect.isgenerator(protocol.conn.parser), f"{VERSION}: conn.parser is no generator to close"
    assert protocol.config.ws_max_size > 0


@pytest.mark.parametrize(
    ("function", "parameters"),
    [
        (WebSocketsSansIOProtocol.__init__, ["self", "config", "server_state", "app_state", "_loop"]),
        (WebSocketsSansIOProtocol.handle_connect, ["self", "event"]),
        (WebSocketsSansIOProtocol.stop_keepalive, ["self"]),
        (WebSocketsSansIOProtocol.run_asgi, ["self"]),
        (HttpToolsProtocol.on_message_begin, ["self"]),
        (HttpToolsProtocol.on_headers_complete, ["self"]),
        (HttpToolsProtocol.send_400_response, ["self", "msg"]),
        (HttpToolsProtocol.shutdown, ["self"]),
        (HttpToolsProtocol._start_asgi_task, ["self", "cycle", "app"]),
        (Server.startup, ["self", "sockets"]),
        (Server.run, ["self", "sockets"]),
        (Server.handle_exit, ["self", "sig", "frame"]),
    ],
    ids=lambda value: value.__qualname__ if callable(value) else "",
)
def test_what_is_overridden_or_called_has_the_known_parameters(
    function: object, parameters: list[str]
) -> None:
    assert callable(function)
    assert list(inspect.signature(function).parameters) == parameters, VERSION


@pytest.mark.parametrize(
    ("function", "line"),
    [
        # A takeover puts a stand-in there, so that this close meets nothing.
        (WebSocketsSansIOProtocol.run_asgi, "self.transport.close()"),
        # Reading was paused for the handshake; the plain path resumes here.
        (WebSocketsSansIOProtocol.receive, "self.transport.resume_reading()"),
        # A link joins the set and has the method.
        (Server.shutdown, "connection.shutdown()"),
        (Server.shutdown, "self.server_state.connections"),
        (Server._wait_tasks_to_complete, "self.server_state.connections"),
        # set_protocol comes after data_received, the takeover from the application's task, a turn later.
        (HttpToolsProtocol.handle_websocket_upgrade, "self.transport.set_protocol(protocol)"),
        (WebSocketsSansIOProtocol.handle_connect, "create_task(self.run_asgi())"),
        (Server.handle_exit, "self._captured_signals.append(sig)"),
        # How the guard tells a request that its connection is over.
        (RequestResponseCycle.receive, "self.disconnected or self.response_complete"),
        (HttpToolsProtocol.connection_lost, "self.cycle.message_event.set()"),
    ],
    ids=lambda value: value.__qualname__ if callable(value) else "",
)
def test_uvicorn_still_does_what_the_takeover_counts_on(function: object, line: str) -> None:
    assert line in inspect.getsource(function), f"{VERSION}: {function} no longer has {line!r}"  # type: ignore[arg-type]
