"""The bytes of a file on their way to somebody: in pieces, no faster than they are taken."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from typing import Any, NamedTuple, cast

from litestar.response.base import ASGIResponse
from litestar.types import HTTPScope, Receive, Scope, Send

from sendjay.files.depot import Reading
from sendjay.files.ranges import Span
from sendjay.files.threads import FileThreads
from sendjay.protocol.errors import Code, Refused
from sendjay.realtime.http_guard import LINE, Line

PIECE_BYTES = 524_288
STALLED_SECONDS = 60.0
"""Who has not taken a piece in so long is gone, or does not want it."""
ASKED_AGAIN_SECONDS = 10.0
"""A large file may take hours; whoever is removed meanwhile does not get the rest."""
AT_ONCE = 512
AT_ONCE_OF_PERSON = 64


class AnswersAtOnce:
    """How many are on their way: each has two pieces in memory."""

    def __init__(self) -> None:
        self._people: Counter[str] = Counter()
        self._all = 0

    @contextmanager
    def counted(self, user: str) -> Generator[None]:
        """Raises Refused(BUSY)."""
        if self._all >= AT_ONCE or self._people[user] >= AT_ONCE_OF_PERSON:
            raise Refused(Code.BUSY, retry_after_ms=2000)
        self._people[user] += 1
        self._all += 1
        try:
            yield
        finally:
            self._all -= 1
            self._people[user] -= 1
            if not self._people[user]:
                del self._people[user]


class Source(NamedTuple):
    """Whose answer it is, and how its bytes are come by."""

    user: str
    open: Callable[[], Awaitable[Reading]]
    still_seen: Callable[[], Awaitable[bool]]


class FileAnswer(ASGIResponse):
    """An answer with a part of a file."""

    _should_set_content_length = False

    def __init__(
        self,
        source: Source,
        span: Span,
        threads: FileThreads,
        at_once: AnswersAtOnce,
        *,
        headers: dict[str, str],
        status: int,
    ) -> None:
        super().__init__(
            headers=headers | {"Content-Length": str(span.end - span.start)},
            status_code=status,
            media_type=headers["Content-Type"],
        )
        self._source = source
        self._span = span
        self._threads = threads
        self._at_once = at_once
        self._line: Line | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Raises Refused before anything is sent."""
        with self._at_once.counted(self._source.user), await self._source.open() as reading:
            self._reading = reading
            extensions = cast("HTTPScope", scope).get("extensions") or {}
            self._line = cast("Line | None", extensions.get(LINE))
            await super().__call__(scope, receive, send)

    async def send_body(self, send: Send, receive: Receive) -> None:
        gone = asyncio.ensure_future(_until_gone(receive))
        try:
            is_whole = await self._send_pieces(send, gone)
            if is_whole:
                await send({"type": "http.response.body", "body": b"", "more_body": False})
            elif self._line is not None:
                # An answer that is cut short must not look whole.
                self._line.abort()
        finally:
            gone.cancel()

    async def _send_pieces(self, send: Send, gone: asyncio.Future[None]) -> bool:
        at, end = self._span
        asked = time.monotonic()
        piece = await self._read(at)
        while piece and not gone.done():
            at += len(piece)
            # The next piece is read while this one goes out.
            coming = asyncio.ensure_future(self._read(at))
            try:
                async with asyncio.timeout(STALLED_SECONDS):
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
            except TimeoutError:
                return False
            finally:
                piece = await coming
            if time.monotonic() - asked > ASKED_AGAIN_SECONDS:
                if not await self._source.still_seen():
                    return False
                asked = time.monotonic()
        return at == end

    async def _read(self, at: int) -> bytes:
        count = min(PIECE_BYTES, self._span.end - at)
        return await self._threads.run(self._reading.read, at, count) if count > 0 else b""


async def _until_gone(receive: Receive) -> None:
    message: Any = await receive()
    while message["type"] != "http.disconnect":
        message = await receive()
