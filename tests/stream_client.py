"""The client of a streamed connection, which can do what `SocketClient` can: tests of one run over both."""

from __future__ import annotations

import asyncio
import contextlib
import json
import ssl
from collections.abc import AsyncIterator
from typing import Any, Self

import httpx

from tests.clients import Json, SocketClient
from tests.serving import Server

BROKEN = 1006
LONG = 300.0
"""Seconds a stream may be silent in a test."""
_TLS = ssl.create_default_context()
"""Not used, but made for every client otherwise, which takes longer than all else."""


class StreamConnection:
    """What `SocketClient` needs of a connection. The first thing sent is the hello and opens the stream."""

    def __init__(
        self, url: str, headers: dict[str, str] | None = None, *, close_timeout: float = 5.0
    ) -> None:
        self._close_timeout = close_timeout
        self.close_code: int | None = None
        self.connection_id = ""
        self.padding = ""
        """The comment that came first."""
        self.open_headers: httpx.Headers | None = None
        self.statuses: list[int] = []
        """What the requests that brought commands were answered with."""
        self._http = httpx.AsyncClient(
            base_url=url, headers=headers, timeout=LONG, trust_env=False, verify=_TLS
        )
        self._frames: asyncio.Queue[str | None] = asyncio.Queue()
        self._due: list[str] = []
        self._token: str | None = None
        self._opened = asyncio.Event()
        self._ended = asyncio.Event()
        self._stream: asyncio.Task[None] | None = None
        self._post: asyncio.Task[None] | None = None

    # As a WebSocket connection of the library `websockets`

    async def send(self, frame: str | bytes) -> None:
        text = frame if isinstance(frame, str) else frame.decode()
        if self._stream is None:
            self._token = json.loads(text).get("token")
            self._stream = asyncio.ensure_future(self._listen(text))
            return
        self._due.append(text)
        if self._post is None or self._post.done():
            self._post = asyncio.ensure_future(self._post_due())

    async def close(self) -> None:
        """The clean end: tell the server, and wait until it has ended the stream."""
        if self._stream is not None and not self._ended.is_set():
            # Not yet open, it is simply given up.
            if self.connection_id:
                with contextlib.suppress(httpx.HTTPError, TimeoutError):
                    async with asyncio.timeout(self._close_timeout):
                        await self.say_close()
                        await self._ended.wait()
            await self.abort()
        self._finish(None)
        await self._http.aclose()

    async def abort(self) -> None:
        """Walk away."""
        for task in (self._post, self._stream):
            if task is not None:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

    async def wait_closed(self) -> None:
        await self._ended.wait()

    async def __aiter__(self) -> AsyncIterator[str]:
        while (frame := await self._frames.get()) is not None:
            yield frame

    # Beneath

    @property
    def credentials(self) -> dict[str, str]:
        return {} if self._token is None else {"Authorization": f"Bearer {self._token}"}

    async def post(self, body: str | bytes, **headers: str) -> httpx.Response:
        """Commands, as they are."""
        headers = {"Content-Type": "application/x-ndjson", **self.credentials, **headers}
        return await self._http.post(f"/stream/{self.connection_id}", content=body, headers=headers)

    async def say_close(self) -> httpx.Response:
        return await self._http.post(f"/stream/{self.connection_id}/close", headers=self.credentials)

    async def _post_due(self) -> None:
        """One request at a time, so that commands stay in order; what gathers meanwhile goes together."""
        await self._opened.wait()
        while self._due and not self._ended.is_set():
            lines, self._due = self._due, []
            try:
                status = (await self.post("\n".join(lines))).status_code
            except httpx.HTTPError:
                status = 0
            self.statuses.append(status)
            if status in (0, 404):
                # Nobody can tell what of it arrived: as with a socket, all that is open is lost.
                self._finish(BROKEN)
                if self._stream is not None:
                    self._stream.cancel()

    async def _listen(self, hello: str) -> None:
        headers = {"Content-Type": "application/json"}
        try:
            async with self._http.stream("POST", "/stream", content=hello, headers=headers) as answer:
                self.open_headers = answer.headers
                if answer.status_code != 200:
                    # As a socket would show a refused upgrade; the tests that care ask by themselves.
                    return
                event: dict[str, str] = {}
                async for line in _lines(answer):
                    if line:
                        self._take_line(event, line)
                    elif event:
                        self._take_event(event)
                        event = {}
        except httpx.HTTPError:
            pass
        finally:
            self._finish(BROKEN)

    def _take_line(self, event: dict[str, str], line: str) -> None:
        name, _, value = line.partition(":")
        if name:
            assert name not in event, "one line of each kind"
            event[name] = value.removeprefix(" ")
        else:
            self.padding += value

    def _take_event(self, event: dict[str, str]) -> None:
        data: str = event["data"]
        match event.get("event"):
            case None:
                self._frames.put_nowait(data)
            case "open":
                self.connection_id = json.loads(data)["connection"]
                self._opened.set()
            case "close":
                self._finish(json.loads(data)["code"])
            case name:
                raise AssertionError(f"an unknown event: {name}")

    def _finish(self, code: int | None) -> None:
        if self._ended.is_set():
            return
        self.close_code = code
        self._ended.set()
        self._opened.set()
        self._frames.put_nowait(None)


async def _lines(answer: httpx.Response) -> AsyncIterator[str]:
    """Split at newlines only: what the library takes for the end of a line may stand in a message."""
    rest = b""
    async for data in answer.aiter_raw():
        *lines, rest = (rest + data).split(b"\n")
        for line in lines:
            yield line.decode()


class StreamClient(SocketClient):
    """A `SocketClient` whose connection is a stream."""

    connection: StreamConnection  # type: ignore[assignment]

    @classmethod
    async def open(cls, server: Server, **options: Any) -> Self:
        return cls(StreamConnection(server.url, **options))  # type: ignore[arg-type]

    async def ask_beside(self, *commands: Json) -> None:
        """Several commands in one request."""
        await self.connection.post("\n".join(json.dumps(each) for each in commands))
