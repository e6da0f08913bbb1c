"""What the two links over plain ASGI share: a task that reads, one that writes, and the way to the end.

`buffered` counts what the server has not accepted yet; what the server itself still holds of what it was
given cannot be seen from here (servers bound it).
"""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias

from sendjay.realtime.frames import short_reason
from sendjay.realtime.link import CLOSE_SECONDS, CloseCode, Link, Receiver

logger = logging.getLogger(__name__)

# As many as a transport holds before it asks its protocol to pause.
_CROWDED_BYTES = 65_536

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]


class AsgiLink(ABC):
    """A `Link` for as long as `run` is awaited. Below it: how things are said on this kind of connection."""

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
        """Serve the connection until it ends."""
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

    # What each kind does in its own way

    @abstractmethod
    async def _read(self) -> None:
        """Hand over what comes; return when the peer has gone, after `_peer_left`."""

    @abstractmethod
    async def _send_frames(self, frames: bytes) -> None:
        """Give the server all of these frames, waiting where it says wait."""

    @abstractmethod
    async def _send_close(self, code: int, reason: str) -> None: ...

    # The owner's side

    def send(self, frames: bytes, /) -> bool:
        if not self._open:
            return False
        self._due.append(frames)
        self._buffered += len(frames)
        self._wake.set()
        return self._buffered > _CROWDED_BYTES

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

    # The peer's side

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

    def _peer_left(self, code: int) -> None:
        self._open = False
        self._tell_lost(code)

    # The writing task, and the end

    async def _write(self) -> None:
        """Give the server all that is due, one block after the other; at last the close code."""
        try:
            while self._due or self._close is None:
                await self._wake.wait()
                self._wake.clear()
                frames, self._due = b"".join(self._due), []
                await self._send_frames(frames)
                self._buffered -= len(frames)
            await self._send_close(*self._close)
        except OSError:
            # ASGI's sign that the peer has gone: the reading task learns with which code.
            await self._deadline

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
