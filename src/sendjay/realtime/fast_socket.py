"""The WebSocket transport that writes prebuilt frames and reads frames in uvicorn's own protocol class.

`LinkUpgrade` is what uvicorn is given as its WebSocket class: it does the handshake through ASGI as usual and
offers the application to take the connection over (`scope["extensions"]["sendjay.link"]`). A `FastSocket`
then stands in its place; scope, request, queue and task are let go, which is most of what an idle connection
would cost. It leans on inner parts of uvicorn: tests/realtime/test_uvicorn_contract.py names each of them.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any, cast
from weakref import WeakKeyDictionary

from uvicorn.config import Config
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState
from websockets.http11 import Request

from sendjay.realtime.frame_reader import FrameError, FrameReader
from sendjay.realtime.frames import close_frame, pong_frame
from sendjay.realtime.link import CLOSE_SECONDS, CloseCode, Link, Receiver

logger = logging.getLogger(__name__)

EXTENSION = "sendjay.link"

# This much is written before the turn ends: libuv may read a socket 32 times in a turn, and only a write lets
# the transport notice that the peer does not take its answers.
_WRITE_BYTES = 65_536

# So many sockets are written before the loop looks at what has come in. More than fan-out to a large room
# adds in one turn (fanout.py): answers must not wait behind a list that grows from turn to turn.
_SOCKETS_AT_ONCE = 128


class Turn:
    """The sockets of one server that have something due in the present turn of the loop."""

    __slots__ = ("_waiting", "connections", "loop")

    def __init__(self, loop: asyncio.AbstractEventLoop, connections: set[asyncio.Protocol]) -> None:
        self.loop = loop
        self.connections = connections
        self._waiting: list[FastSocket] = []

    def add(self, socket: "FastSocket") -> None:
        if not self._waiting:
            self.loop.call_soon(self._flush)
        self._waiting.append(socket)

    def _flush(self) -> None:
        sockets = self._waiting[:_SOCKETS_AT_ONCE]
        del self._waiting[:_SOCKETS_AT_ONCE]
        if self._waiting:
            self.loop.call_soon(self._flush)
        for socket in sockets:
            try:
                socket.flush()
            except Exception:
                # One broken socket must not strand those after it.
                logger.exception("could not write to a socket")
                socket.abort()


class FastSocket(FrameReader, asyncio.Protocol):
    """A `Link` that is the protocol of its transport."""

    __slots__ = (
        "_deadline",
        "_due",
        "_due_bytes",
        "_open",
        "_paused",
        "_receiver",
        "_transport",
        "_turn",
        "address",
    )

    def __init__(
        self, transport: asyncio.Transport, turn: Turn, address: str, max_message_bytes: int
    ) -> None:
        super().__init__(max_message_bytes)
        self.address = address
        self._transport = transport
        self._turn = turn
        self._receiver: Receiver | None = None
        self._open = True
        self._paused = False
        """More waits in the transport than it likes to hold."""
        self._due: list[bytes] | None = None
        """Only while it is open."""
        self._due_bytes = 0
        self._deadline: asyncio.TimerHandle | None = None

    def start(self, accept: Callable[[Link], Receiver]) -> None:
        """Put this in the handshake's place and begin to read."""
        self._turn.connections.add(self)
        self._transport.set_protocol(self)
        try:
            self._receiver = accept(self)
        except Exception:
            logger.exception("a connection could not be taken")
            self.close(CloseCode.INTERNAL_ERROR)
        self._transport.resume_reading()

    # The owner's side

    def send(self, frames: bytes, /) -> bool:
        due = self._due
        if due is not None:
            due.append(frames)
            self._due_bytes += len(frames)
            if self._due_bytes > _WRITE_BYTES:
                self.flush()
        elif self._open:
            self._due = [frames]
            self._due_bytes = len(frames)
            self._turn.add(self)
        return self._paused

    def buffered(self) -> int:
        return self._due_bytes + self._transport.get_write_buffer_size() if self._open else 0

    def close(self, code: int, reason: str = "") -> None:
        if not self._open:
            return
        self._say_goodbye(code, reason)
        self._turn.loop.call_soon(self._tell_lost, code)

    def flush(self) -> None:
        due = self._due
        if due is None:
            return
        self._due = None
        self._due_bytes = 0
        if not self._transport.is_closing():
            self._transport.write(due[0] if len(due) == 1 else b"".join(due))

    def abort(self) -> None:
        """Let the connection go at once, unsent bytes and all."""
        self._transport.abort()

    # The peer's side

    def text_received(self, payload: bytes) -> None:
        if self._receiver is None or not self._open:
            return
        try:
            self._receiver.receive_text(payload)
        except Exception:
            logger.exception("a received message could not be handled")
            self.close(CloseCode.INTERNAL_ERROR)

    def ping_received(self, payload: bytes) -> None:
        self.send(pong_frame(payload))

    def close_received(self, code: int) -> None:
        if self._open:
            self._say_goodbye(CloseCode.NORMAL if code == CloseCode.NO_CODE else code)
            self._tell_lost(code)
        self._hang_up()

    # What the transport calls

    def data_received(self, data: bytes) -> None:
        if not self.reading:
            return
        try:
            self.feed(data)
        except FrameError as error:
            self._fail(error.code, error.reason)
        except Exception:
            logger.exception("received bytes could not be handled")
            self._fail(CloseCode.INTERNAL_ERROR, "")

    def eof_received(self) -> None:
        """The transport closes itself after this, once the peer has taken what is due."""
        self.flush()
        self._set_deadline()
        if self._open:
            self._open = False
            self._tell_lost(CloseCode.ABNORMAL)

    def pause_writing(self) -> None:
        self._paused = True
        # Who does not take the answers is not asked for more: further pings and commands stay in the kernels.
        if not self._transport.is_closing():
            self._transport.pause_reading()

    def resume_writing(self) -> None:
        self._paused = False
        if not self._transport.is_closing():
            self._transport.resume_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        self._turn.connections.discard(self)
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
        self.reading = False
        self._due = self._partial = self._fragments = None
        if self._open:
            self._open = False
            self._tell_lost(CloseCode.ABNORMAL)

    def shutdown(self) -> None:
        """uvicorn calls this on all its connections when the server stops."""
        self.close(CloseCode.SERVICE_RESTART)

    # The end

    def _say_goodbye(self, code: int, reason: str = "") -> None:
        """Send what is due and a close frame; from here on nothing is sent, and the deadline runs."""
        self._open = False
        due, self._due = self._due or [], None
        if not self._transport.is_closing():
            self._transport.write(b"".join((*due, close_frame(code, reason))))
        self._set_deadline()

    def _fail(self, code: int, reason: str) -> None:
        """Close after bytes that cannot be followed any further."""
        self.close(code, reason)
        self._hang_up()

    def _hang_up(self) -> None:
        """End our half of the connection and drop what still comes, until the peer ends its own.

        Closing the whole socket would reset it if bytes are unread, and the close frame could be lost.
        """
        self.reading = False
        self._partial = self._fragments = None
        if not self._transport.can_write_eof():
            self._transport.close()
        elif not self._transport.is_closing():
            self._transport.write_eof()

    def _set_deadline(self) -> None:
        if self._deadline is None:
            self._deadline = self._turn.loop.call_later(CLOSE_SECONDS, self._transport.abort)

    def _tell_lost(self, code: int) -> None:
        receiver, self._receiver = self._receiver, None
        if receiver is None:
            return
        try:
            receiver.link_lost(code)
        except Exception:
            logger.exception("the end of a connection could not be handled")


# uvicorn has one ServerState a server, handed to each of its protocols.
_turns: WeakKeyDictionary[ServerState, Turn] = WeakKeyDictionary()


def turn_of(loop: asyncio.AbstractEventLoop, server_state: ServerState) -> Turn:
    """The turn that all sockets of one server share."""
    turn = _turns.get(server_state)
    if turn is None:
        turn = _turns[server_state] = Turn(loop, cast("set[asyncio.Protocol]", server_state.connections))
    return turn


class LinkUpgrade(WebSocketsSansIOProtocol):
    """uvicorn's handshake, with an offer in the scope to take the connection out of ASGI."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._turn = turn_of(self.loop, server_state)

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if self.handshake_complete:
            return  # refused already: not a WebSocket handshake
        cast("dict[str, dict[str, object]]", self.scope)["extensions"][EXTENSION] = self.take_over
        # What the peer sends before the application has decided waits in the kernel. uvicorn resumes by
        # itself when the application goes on with ASGI's receive().
        self.read_paused = True
        self.transport.pause_reading()

    def take_over(self, accept: Callable[[Link], Receiver], address: str) -> None:
        """Leave ASGI: called after `websocket.accept` was sent, with nothing awaited between.

        The application's task may then end. Raises ClientDisconnected (an OSError) where the peer has gone.
        """
        if self.disconnected or not self.handshake_complete or self.transport.is_closing():
            raise ClientDisconnected
        self.stop_keepalive()
        self.connections.discard(self)
        socket = FastSocket(self.transport, self._turn, address, self.config.ws_max_size)
        # uvicorn closes the transport when the application returns.
        self.transport = _HandedOver()
        self.disconnected = True
        self.conn.parser.close()
        socket.start(accept)


class _HandedOver(asyncio.Transport):
    """Stands where the transport was, for what uvicorn does to it afterwards."""

    def is_closing(self) -> bool:
        return True

    def close(self) -> None:
        pass
