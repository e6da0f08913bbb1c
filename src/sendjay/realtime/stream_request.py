"""One HTTP request to the streamed connections: what it says of itself, its body in bounds, its answer."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec

from sendjay.protocol.errors import RETRYABLE, Code, Refused
from sendjay.protocol.replies import Refusal
from sendjay.realtime.asgi_link import Message, Receive, Send
from sendjay.realtime.http_guard import LINE, Line
from sendjay.realtime.upgrade import read_handshake

_JSON = frozenset({"application/json", "application/x-ndjson"})
_TOKEN_LENGTH = 4096

Headers = list[tuple[bytes, bytes]]

_SAFE_HEADERS: Headers = [
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
]


class HttpRefused(Exception):
    """A request that is answered with an error before anything was done."""

    def __init__(self, status: int, refused: Refused, headers: Headers | None = None) -> None:
        super().__init__(status)
        self.status = status
        self.refused = refused
        self.headers = headers or []


class GoneError(Exception):
    """The client went away before it had said everything."""


class StreamRequest:
    """A request and the way to its answer. `headers`: what every answer to it carries."""

    def __init__(self, scope: Message, receive: Receive, send: Send) -> None:
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.handshake = read_handshake(scope)
        self.line: Line = scope["extensions"][LINE]
        self.receive = receive
        self.send = send
        self.headers: Headers = []
        self._headers: Headers = scope["headers"]

    def header(self, name: bytes) -> str:
        return ", ".join(value.decode("latin-1") for key, value in self._headers if key.lower() == name)

    def bearer(self) -> str | None:
        """The token in the Authorization header; None without one. Raises HttpRefused."""
        header = self.header(b"authorization")
        if not header:
            return None
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or len(token) > _TOKEN_LENGTH:
            raise HttpRefused(401, Refused(Code.UNAUTHORIZED))
        return token.strip()

    def expect_json(self) -> None:
        """What no form of another site can send: a browser asks us first. Raises HttpRefused."""
        kind = self.header(b"content-type").partition(";")[0].strip().lower()
        if kind not in _JSON:
            raise HttpRefused(415, Refused(Code.INVALID, "Send it as application/json."))

    async def body(self, limit: int, seconds: float) -> bytes:
        """All of it, as UTF-8. Raises HttpRefused where it is too long, too slow or no text."""
        announced = self.header(b"content-length")
        if announced.isdigit() and int(announced[:18]) > limit:
            raise HttpRefused(413, Refused(Code.TOO_LONG, "The body is too long."))
        try:
            async with asyncio.timeout(seconds):
                body = await self._read(limit)
        except TimeoutError:
            # A peer that sends a byte a second would otherwise hold its place for ever.
            slow = Refused(Code.INVALID, "The body did not come in time.")
            raise HttpRefused(408, slow, [(b"connection", b"close")]) from None
        try:
            body.decode()
        except UnicodeDecodeError:
            raise HttpRefused(400, Refused(Code.MALFORMED)) from None
        return body

    async def _read(self, limit: int) -> bytes:
        body = bytearray()
        while True:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                raise GoneError
            body += message.get("body", b"")
            if len(body) > limit:
                raise HttpRefused(413, Refused(Code.TOO_LONG, "The body is too long."))
            if not message.get("more_body", False):
                return bytes(body)

    # Answers

    async def answer(self, status: int, body: bytes = b"", headers: Headers | None = None) -> None:
        length = [] if status == 204 else [(b"content-length", str(len(body)).encode())]
        all_headers = [*_SAFE_HEADERS, *length, *self.headers, *(headers or [])]
        await self.send({"type": "http.response.start", "status": status, "headers": all_headers})
        await self.send({"type": "http.response.body", "body": body})

    async def refuse(self, error: HttpRefused) -> None:
        """The error in the form that all of REST has."""
        refused = error.refused
        refusal = Refusal(
            str(refused.code), refused.message, refused.code in RETRYABLE, refused.retry_after_ms
        )
        body: dict[str, Any] = {"error": refusal}
        headers = [(b"content-type", b"application/json"), *error.headers]
        if error.status == 401:
            headers.append((b"www-authenticate", b"Bearer"))
        await self.answer(error.status, msgspec.json.encode(body), headers)
