"""uvicorn's HTTP protocol with bounds on how a request comes, which it has none of by itself."""

import asyncio
from collections.abc import Callable
from typing import Any, cast

from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

MAX_HEAD_BYTES = 65_536

LINE = "sendjay.line"
"""The ASGI extension under which an application finds the `Line` of its request."""


class Line:
    """The TCP connection below a request whose answer may last for hours: what ASGI has no word for."""

    __slots__ = ("_transport", "is_stopping", "on_stop")

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self.is_stopping = False
        self.on_stop: Callable[[], None] | None = None
        """Called when the server begins its graceful stop."""

    def abort(self) -> None:
        """End it without waiting for a peer that takes nothing any more."""
        self._transport.abort()

    def abort_unsent(self) -> None:
        """The same, unless everything has been taken."""
        if self._transport.get_write_buffer_size():
            self._transport.abort()


class GuardedHttp(HttpToolsProtocol):
    """Refuses a request line and headers that are too long or do not come to an end, and bodies that stop.

    Without this one connection could fill the memory with headers, and many could hold sockets open for ever
    by sending nothing. Once a connection has become a WebSocket none of it applies.
    """

    HEAD_SECONDS = 20.0
    BODY_SECONDS = 30.0
    """Without a byte of a body that was announced; all of it may take as long as it needs."""

    _head_bytes = 0
    _head_deadline: asyncio.TimerHandle | None = None
    _body_deadline: asyncio.TimerHandle | None = None
    _line: Line
    _answering: RequestResponseCycle | None = None

    def connection_made(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, transport: asyncio.Transport
    ) -> None:
        super().connection_made(transport)
        self._line = Line(transport)
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_came()
        self._body_came()
        super().connection_lost(exc)
        if self._answering is not None and not self._answering.response_complete:
            # uvicorn tells only the latest request: one sent behind another, before its answer, would take
            # the news away from that.
            self._answering.disconnected = True
            self._answering.message_event.set()

    def shutdown(self) -> None:
        super().shutdown()
        self._line.is_stopping = True
        if self._line.on_stop is not None:
            self._line.on_stop()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._head_deadline is None:
            return
        self._head_bytes += len(data)
        if self._head_bytes > MAX_HEAD_BYTES and not self.transport.is_closing():
            self._head_came()
            self.send_400_response("Request head too large.")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._expect_head()

    def on_headers_complete(self) -> None:
        self._head_came()
        self._expect_body()
        cast("dict[str, Any]", self.scope)["extensions"] = {LINE: self._line}
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._expect_body()
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._body_came()
        super().on_message_complete()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._answering = cycle
        super()._start_asgi_task(cycle, app)

    def _expect_head(self) -> None:
        if self._head_deadline is None:
            self._head_bytes = 0
            self._head_deadline = self.loop.call_later(self.HEAD_SECONDS, self.transport.abort)

    def _head_came(self) -> None:
        if self._head_deadline is not None:
            self._head_deadline.cancel()
            self._head_deadline = None

    def _expect_body(self) -> None:
        self._body_came()
        self._body_deadline = self.loop.call_later(self.BODY_SECONDS, self._body_stopped)

    def _body_stopped(self) -> None:
        if self.flow.read_paused:
            # It is we who are slow to take it.
            self._expect_body()
        else:
            self.transport.abort()

    def _body_came(self) -> None:
        if self._body_deadline is not None:
            self._body_deadline.cancel()
            self._body_deadline = None
