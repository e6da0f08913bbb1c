"""A connection as a streamed answer: what the server sends leaves as server-sent events (text/event-stream).

What the client says comes by requests of its own (`stream.py`), so this link reads only whether it is still
there.
"""

import asyncio
import contextlib
import secrets
from collections.abc import Callable

import msgspec

from sendjay.realtime.asgi_link import AsgiLink, Message, Receive, Send
from sendjay.realtime.frames import payloads
from sendjay.realtime.http_guard import Line
from sendjay.realtime.link import CLOSE_SECONDS, CloseCode, Link, Receiver

# Proxies that gather an answer before they pass it on let go of the beginning after about so much.
_PADDING = b":" + b" " * 2048 + b"\n\n"

_HEADERS = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-store, no-transform"),
    (b"x-accel-buffering", b"no"),
    # Its end is the end of the TCP connection: what a peer does not take at last can be cut off.
    (b"connection", b"close"),
]

_CHUNK_BYTES = 32_768
_ABORT_SECONDS = 1.0
_GOODBYE_SECONDS = 1.0
"""A page that is closed breaks its stream and says so in a request beside it: either may come first."""

_encode = msgspec.json.Encoder().encode


class StreamLink(AsgiLink):
    """A `Link` over one streamed answer: `begin`, then `serve`."""

    def __init__(
        self, address: str, max_message_bytes: int, receive: Receive, send: Send, line: Line
    ) -> None:
        super().__init__(address, max_message_bytes, receive, send)
        self.identifier = secrets.token_urlsafe(24)
        self._line = line
        self._ended = False
        self._goodbye = asyncio.Event()

    async def begin(self, headers: list[tuple[bytes, bytes]]) -> None:
        """Start the answer, with the name under which commands for this connection come."""
        opening = _PADDING + _event(b"open", {"connection": self.identifier})
        headers = [*_HEADERS, *headers]
        await self._asgi_send({"type": "http.response.start", "status": 200, "headers": headers})
        await self._asgi_send(_body(opening))

    async def serve(self, accept: Callable[[Link], Receiver], hello: bytes) -> None:
        """Run, and hand over the first message, which came with the request."""
        self._line.on_stop = self._stop
        if self._line.is_stopping:
            self._stop()
        self._loop.call_soon(self._hand_over, hello)
        try:
            await self.run(accept)
            if not self._ended:
                await self._cut_off()
        finally:
            self._line.on_stop = None

    def take(self, payload: bytes) -> bool:
        """A command of the client; False when the connection has ended."""
        self._hand_over(payload)
        return self._open

    def close(self, code: int, reason: str = "") -> None:
        super().close(code, reason)
        self._goodbye.set()

    # One way out, and the news that nobody listens any more

    async def _read(self) -> None:
        await self._hear_of_the_end()
        self._ended = True
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._goodbye.wait(), _GOODBYE_SECONDS)
        self._peer_left(CloseCode.ABNORMAL)

    async def _hear_of_the_end(self) -> None:
        while (await self._asgi_receive())["type"] != "http.disconnect":
            pass

    async def _send_frames(self, frames: bytes) -> None:
        # In pieces: after each the server may say wait, and what waits here counts as buffered.
        gathered = bytearray()
        for payload in payloads(frames):
            gathered += b"data: " + payload + b"\n\n"
            if len(gathered) >= _CHUNK_BYTES:
                await self._asgi_send(_body(bytes(gathered)))
                gathered.clear()
        if gathered:
            await self._asgi_send(_body(bytes(gathered)))

    async def _send_close(self, code: int, reason: str) -> None:
        farewell = _event(b"close", {"code": int(code), "reason": reason})
        await self._asgi_send(_body(farewell, more=False))
        self._ended = True
        self._loop.call_later(CLOSE_SECONDS, self._line.abort_unsent)

    def _stop(self) -> None:
        self.close(CloseCode.SERVICE_RESTART)

    async def _cut_off(self) -> None:
        """The peer took no more in the time it had: what is held for it is let go of."""
        self._line.abort()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._hear_of_the_end(), _ABORT_SECONDS)


def _event(name: bytes, data: dict[str, object]) -> bytes:
    return b"event: " + name + b"\ndata: " + _encode(data) + b"\n\n"


def _body(content: bytes, *, more: bool = True) -> Message:
    return {"type": "http.response.body", "body": content, "more_body": more}
