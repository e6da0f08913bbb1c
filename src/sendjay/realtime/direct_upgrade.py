"""The handshake of a WebSocket (RFC 6455, section 4.2) on the request that uvicorn has parsed already.

Half of what a connection costs is uvicorn writing the request out again, parsing it a second time and taking
it through ASGI. Here a handshake that is in perfect order is answered on the spot. Any other one (a wrong
header, another path, an Origin that is refused, a proxy in between) goes the usual way and gets its answer
there.
"""

import base64
import binascii
import hashlib
from collections import Counter
from typing import Any, cast

from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from sendjay.realtime.fast_socket import FastSocket, turn_of
from sendjay.realtime.http_guard import GuardedHttp
from sendjay.realtime.upgrade import COME_BACK_SECONDS, Handshake, SocketEndpoint, read_handshake

_PUT_OFF = (
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: %d\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    % COME_BACK_SECONDS
)
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_ONCE = (b"host", b"upgrade", b"connection", b"sec-websocket-key", b"sec-websocket-version", b"origin")
"""Headers that must not come twice, lest two readers believe different ones."""


class DirectHttp(GuardedHttp):
    """uvicorn's HTTP protocol, with the handshake of `endpoint` at `path` in it."""

    endpoint: SocketEndpoint
    path: bytes

    def handle_websocket_upgrade(self) -> None:
        accepted = self._judge()
        if accepted is None:
            super().handle_websocket_upgrade()
            return
        handshake, key = accepted
        if not self.endpoint.admits(handshake):
            self.transport.write(_PUT_OFF)
            self.transport.close()
            return
        self.connections.discard(self)
        self.transport.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + _accept(key) + b"\r\n\r\n"
        )
        turn = turn_of(self.loop, self.server_state)
        socket = FastSocket(self.transport, turn, handshake.address, self.endpoint.max_message_bytes)
        socket.start(lambda link: self.endpoint.accept(link, handshake))
        # The parser still runs this very call; after it, what it holds of the request goes in one piece.
        self.loop.call_soon(self.__dict__.clear)

    def _judge(self) -> tuple[Handshake, bytes] | None:
        """The handshake and its key; None where anything about it wants a closer look."""
        if self.url != self.path or self.scope["method"] != "GET" or self.scope["http_version"] != "1.1":
            return None
        cycle: Any = self.cycle  # None before the first request
        if (cycle is not None and not cycle.response_complete) or self.transport.is_closing():
            return None
        names = Counter(name for name, _ in self.headers)
        if any(names[name] > 1 for name in _ONCE) or names[b"sec-websocket-extensions"] > 1:
            return None
        found = dict(self.headers)
        key = found.get(b"sec-websocket-key", b"")
        tokens = {token.strip() for token in found.get(b"connection", b"").lower().split(b",")}
        is_in_order = (
            b"upgrade" in tokens
            and found.get(b"upgrade", b"").lower() == b"websocket"
            and found.get(b"sec-websocket-version") == b"13"
            and b"host" in found
            and b"content-length" not in found
            and b"transfer-encoding" not in found
            and b"sec-websocket-protocol" not in found
            and _is_key(key)
        )
        if not is_in_order or _is_from_proxy(self.app, self.client):
            return None
        handshake = read_handshake(cast("dict[str, Any]", self.scope))
        return (handshake, key) if self.endpoint.allows(handshake) else None


def _is_key(key: bytes) -> bool:
    """16 bytes in base64."""
    try:
        return len(key) == 24 and len(base64.b64decode(key, validate=True)) == 16
    except binascii.Error:
        return False


def _accept(key: bytes) -> bytes:
    return base64.b64encode(hashlib.sha1(key + _GUID, usedforsecurity=False).digest())


def _is_from_proxy(app: object, client: tuple[str, int] | None) -> bool:
    """A trusted proxy's headers say who is behind it: uvicorn's middleware reads them."""
    return isinstance(app, ProxyHeadersMiddleware) and client is not None and client[0] in app.trusted_hosts


def direct_http(endpoint: SocketEndpoint, path: str) -> type[DirectHttp]:
    """The protocol class for one endpoint, as uvicorn wants it: a class."""
    return type("EndpointHttp", (DirectHttp,), {"endpoint": endpoint, "path": path.encode()})
