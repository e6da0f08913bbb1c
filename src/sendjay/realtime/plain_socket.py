"""The WebSocket transport over plain ASGI: any server, and the twin that `fast_socket` is tested against.

Framing, UTF-8 and the message limit are the server's business here. Two things it cannot know: whether a
connection broke or was closed without a code (both are `CloseCode.NO_CODE`), and what the server itself still
holds of what it was given (`buffered` counts what the server has not accepted yet; servers bound the rest).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias

from sendjay.realtime.frames import payloads, short_reason
from sendjay.realtime.link import CLOSE_SECONDS, CloseCode, Link, Receiver

logger = logging.getLogger(__name__)

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]


class PlainSocket:
    """A `Link` with a task that reads and one that writes, for as long as `run` is awaited."""

    def __init__(self, address: str, max_message_bytes: int, receive: Receive, send: Send) -> None:
        self.address = address
        self._max_message_bytes = max_message_bytes
        self._asgi_receive = receive
        self._asgi_send = send
        self._receiver: Receiver | None = None
        self._open = True
        self._close: tuple[int, str] | None = None
        self._due: list[bytes] = []
        self._buffered = 0
        self._wake = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._deadline: asyncio.Future[None] = self._loop.create_future()

    async def run(self, accept: Callable[[Link], Receiver]) -> None:
        """Serve the connection until it ends. `websocket.accept` was sent already."""
        try:
            self._receiver = accept(self)
        except Exception:
            logger.exception("a connection could not be taken")
            self.close(CloseCode.INTERNAL_ERROR)
        tasks = asyncio.create_task(self._read()), asyncio.create_task(self._write())
        try:
            await asyncio.wait((*tasks, self._deadline), return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._open = False
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._tell_lost(self._close[0] if self._close else CloseCode.ABNORMAL)

    # The owner's side

    def send(self, frames: bytes, /) -> None:
        if not self._open:
            return
        self._due.append(frames)
        self._buffered += len(frames)
        self._wake.set()

    def buffered(self) -> int:
        return self._buffered if self._open else 0

    def close(self, code: int, reason: str = "") -> None:
        if not self._open:
            return
        self._open = False
        self._close = (code, short_reason(reason))
        self._wake.set()
        self._loop.call_soon(self._tell_lost, code)
        self._loop.call_later(CLOSE_SECONDS, self._end)

    # The two tasks

    async def _read(self) -> None:
        while True:
            message = await self._asgi_receive()
            if message["type"] == "websocket.disconnect":
                self._open = False
                self._tell_lost(message.get("code") or CloseCode.NO_CODE)
                return
            text = message.get("text")
            if text is None:
                self.close(CloseCode.UNSUPPORTED_DATA, "text only")
            else:
                self._hand_over(text.encode())

    async def _write(self) -> None:
        """Give the server all that is due, one message after the other; at last the close code."""
        try:
            while self._due or self._close is None:
                await self._wake.wait()
                self._wake.clear()
                frames, self._due = b"".join(self._due), []
                for payload in payloads(frames):
                    await self._asgi_send({"type": "websocket.send", "text": payload.decode()})
                self._buffered -= len(frames)
            code, reason = self._close
            await self._asgi_send({"type": "websocket.close", "code": code, "reason": reason})
        except OSError:
            # ASGI's sign that the peer has gone: the reading task learns with which code.
            await self._deadline

    def _hand_over(self, payload: bytes) -> None:
        if self._receiver is None or not self._open:
            return
        if len(payload) > self._max_message_bytes:
            self.close(CloseCode.TOO_BIG, "message too big")
            return
        try:
            self._receiver.receive_text(payload)
        except Exception:
            logger.exception("a received message could not be handled")
            self.close(CloseCode.INTERNAL_ERROR)

    # The end

    def _end(self) -> None:
        if not self._deadline.done():
            self._deadline.set_result(None)

    def _tell_lost(self, code: int) -> None:
        receiver, self._receiver = self._receiver, None
        if receiver is None:
            return
        try:
            receiver.link_lost(code)
        except Exception:
            logger.exception("the end of a connection could not be handled")
