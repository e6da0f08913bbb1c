"""Connections for networks that let no WebSocket pass: a streamed answer, and requests that bring commands.

`POST /stream` with the hello opens one and is its own way back (`stream_link.py`); `POST
/stream/<connection>` brings one or several commands, a JSON object a line; `POST /stream/<connection>/close`
ends it. What is behind them is the same `Session` as behind a socket: all its rules and bounds hold here too.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from sendjay.protocol.commands import Hello
from sendjay.protocol.errors import Code, Refused
from sendjay.realtime.asgi_link import Message, Receive, Send
from sendjay.realtime.bus.bus import Bus
from sendjay.realtime.dispatch import Dispatcher
from sendjay.realtime.endpoint import Endpoint
from sendjay.realtime.limits import ConnectionLimits
from sendjay.realtime.link import CloseCode, Link
from sendjay.realtime.nodes.crossing import Crossing, Lives, NoAnswer, cost_of
from sendjay.realtime.session import Session
from sendjay.realtime.stream_link import StreamLink
from sendjay.realtime.stream_request import GoneError, Headers, HttpRefused, StreamRequest
from sendjay.realtime.upgrade import COME_BACK_SECONDS, read_cookie
from sendjay.settings import Settings

STREAM_PATH = "/stream"

_BODY_FRAMES = 4
"""So many frames of the largest size one request may bring."""
_BODY_SECONDS = 30.0
_PREFLIGHT: Headers = [
    (b"access-control-allow-methods", b"POST"),
    (b"access-control-allow-headers", b"authorization, content-type"),
    (b"access-control-max-age", b"600"),
]


class StreamEndpoint:
    """An ASGI application for HTTP requests at `STREAM_PATH` and below it.

    `session_of` tells whose session a token is of, without the database, or raises Refused.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        dispatcher: Dispatcher,
        session_of: Callable[[str], str],
        access_cookie: str,
        settings: Settings,
        bus: Bus,
        lives: Lives,
    ) -> None:
        self._endpoint = endpoint
        self._dispatcher = dispatcher
        self._session_of = session_of
        self._access_cookie = access_cookie
        self._frame_bytes_max = settings.frame_bytes_max
        self._hello_seconds = settings.hello_seconds
        self._streams: dict[str, tuple[StreamLink, Session]] = {}
        self._crossing = (
            Crossing(bus, self._take, lives, ConnectionLimits.from_settings(settings))
            if bus.is_distributed
            else None
        )

    def owns(self, path: str) -> bool:
        return path == STREAM_PATH or path.startswith(f"{STREAM_PATH}/")

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        request = StreamRequest(scope, receive, send)
        try:
            await self._route(request)
        except HttpRefused as error:
            await request.refuse(error)
        except (GoneError, OSError):
            return  # nobody is there to be answered

    async def _route(self, request: StreamRequest) -> None:
        self._check_origin(request)
        if request.method == "OPTIONS":
            await request.answer(204, headers=_PREFLIGHT if request.headers else [(b"allow", b"POST")])
            return
        if request.method != "POST":
            raise HttpRefused(405, Refused(Code.UNKNOWN_COMMAND), [(b"allow", b"POST")])
        match request.path.removeprefix(STREAM_PATH).split("/"):
            case [""]:
                await self._open(request)
            case ["", name]:
                await self._take_commands(request, name)
            case ["", name, "close"]:
                await self._close(request, name)
            case _:
                raise HttpRefused(404, Refused(Code.NOT_FOUND))

    def _check_origin(self, request: StreamRequest) -> None:
        """Other sites' pages may nothing here; those that embed the messenger may, with a token."""
        if self._endpoint.is_embedding(request.handshake):
            origin = (request.handshake.origin or "").encode("latin-1")
            request.headers = [(b"access-control-allow-origin", origin), (b"vary", b"Origin")]
        elif not self._endpoint.may_use_cookies(request.handshake):
            raise HttpRefused(403, Refused(Code.NOT_ALLOWED))

    # Open

    async def _open(self, request: StreamRequest) -> None:
        hello = await self._read_hello(request)
        handshake = request.handshake
        if not self._endpoint.allows(handshake):
            busy = Refused(Code.RATE_LIMITED, "Too many connections from this address.", retry_after_ms=5000)
            raise HttpRefused(429, busy, [(b"retry-after", b"5")])
        if not self._endpoint.admits(handshake):
            busy = Refused(Code.BUSY, retry_after_ms=1000 * COME_BACK_SECONDS)
            raise HttpRefused(503, busy, [(b"retry-after", b"%d" % COME_BACK_SECONDS)])
        link = StreamLink(
            handshake.address, self._frame_bytes_max, request.receive, request.send, request.line
        )
        if self._crossing is not None:
            link.identifier = self._crossing.name(link.identifier)

        def accept(_link: Link) -> Session:
            session = self._endpoint.accept(link, handshake)
            self._streams[link.identifier] = (link, session)
            return session

        await link.begin(request.headers)
        try:
            await link.serve(accept, hello)
        finally:
            self._streams.pop(link.identifier, None)

    async def _read_hello(self, request: StreamRequest) -> bytes:
        """The body, which is a hello, with the token of the Authorization header where it has none."""
        request.expect_json()
        token = request.bearer()
        body = await request.body(self._frame_bytes_max, self._hello_seconds)
        try:
            command = self._dispatcher.decode(body)
        except Refused as refused:
            raise HttpRefused(400, refused) from None
        if type(command) is not Hello:
            raise HttpRefused(401, Refused(Code.HELLO_FIRST))
        if token and not command.token:
            return msgspec.json.encode(msgspec.structs.replace(command, token=token))
        return body

    # Commands, and the end

    async def _take_commands(self, request: StreamRequest, name: str) -> None:
        request.expect_json()
        session_id = self._who_asks(request)
        if self._is_elsewhere(name):
            self._pay(name, session_id, 1)
        elif self._find(name, session_id) is None:
            raise HttpRefused(404, Refused(Code.NOT_FOUND))
        body = await request.body(_BODY_FRAMES * self._frame_bytes_max, _BODY_SECONDS)
        commands = [line for line in body.split(b"\n") if line.strip()]
        if any(len(command) > self._frame_bytes_max for command in commands):
            raise HttpRefused(413, Refused(Code.TOO_LONG, "A command is too long."))
        if self._is_elsewhere(name):
            self._pay(name, session_id, cost_of(commands) - 1)
        await self._do(request, name, session_id, commands)

    async def _close(self, request: StreamRequest, name: str) -> None:
        session_id = self._who_asks(request)
        if self._is_elsewhere(name):
            self._pay(name, session_id, 1)
        await request.body(0, _BODY_SECONDS)
        await self._do(request, name, session_id, None)

    async def _do(
        self, request: StreamRequest, name: str, session_id: str, commands: list[bytes] | None
    ) -> None:
        """Here, or at the node that holds the connection."""
        try:
            if self._crossing is not None and self._crossing.is_elsewhere(name):
                was_taken = await self._crossing.ask(name, session_id, commands)
            else:
                was_taken = self._take(name, session_id, commands)
        except NoAnswer:
            raise HttpRefused(503, Refused(Code.BUSY)) from None
        if not was_taken:
            raise HttpRefused(404, Refused(Code.NOT_FOUND))
        await request.answer(204)

    def _take(self, name: str, session_id: str, commands: list[bytes] | None) -> bool:
        """Commands for a connection of this node, or its end (None); False where there is no such one."""
        found = self._find(name, session_id)
        if found is None:
            return False
        link, _ = found
        if commands is None:
            link.close(CloseCode.NORMAL)
        for command in commands or ():
            if not link.take(command):
                break
        return True

    def _is_elsewhere(self, name: str) -> bool:
        return self._crossing is not None and self._crossing.is_elsewhere(name)

    def _pay(self, name: str, session_id: str, count: int) -> None:
        """For what is to be asked of the node that holds the connection."""
        if self._crossing is None or count <= 0:
            return
        try:
            self._crossing.pay(name, session_id, count)
        except NoAnswer:
            raise HttpRefused(503, Refused(Code.BUSY)) from None
        except Refused as refused:
            raise HttpRefused(429, refused) from None

    def _who_asks(self, request: StreamRequest) -> str:
        """The session whose token the request has. Raises HttpRefused."""
        token = request.bearer()
        if token is None and self._endpoint.may_use_cookies(request.handshake):
            token = read_cookie(request.handshake.cookies, self._access_cookie)
        try:
            return self._session_of(token or "")
        except Refused as refused:
            raise HttpRefused(401, refused) from None

    def _find(self, name: str, session_id: str) -> tuple[StreamLink, Session] | None:
        """The connection of that name, where the session is the one that opened it.

        The name alone is not enough: addresses get into logs.
        """
        found = self._streams.get(name)
        if found is None or found[1].session_id != session_id or found[1].closed:
            return None
        return found
