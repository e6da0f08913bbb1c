"""Where a WebSocket comes in: the Origin check, then the fast transport where there is one, else the plain.

Mounted as `asgi("/ws", copy_scope=False)(endpoint)` in Litestar, or as any ASGI application. It knows nothing
of sessions: whom a connection belongs to is said later, in its first message.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sendjay.realtime.asgi_link import Message, Receive, Send
from sendjay.realtime.fast_socket import EXTENSION
from sendjay.realtime.link import MAX_MESSAGE_BYTES, Link, Receiver
from sendjay.realtime.plain_socket import PlainSocket

COME_BACK_SECONDS = 2
"""For those who come when too many do."""

_UPGRADE_REQUIRED = (
    b'{"error":{"code":"upgrade_required","message":"This address speaks WebSocket only.","retry":false}}'
)


@dataclass(frozen=True, slots=True)
class Handshake:
    """What a client said of itself in its upgrade request. A header not sent is empty, but for the Origin."""

    address: str
    origin: str | None
    """None where no page is behind the request: a program, which holds nobody's cookies by accident."""
    host: str
    cookies: str
    """The Cookie header as sent."""
    user_agent: str


def read_cookie(header: str, name: str) -> str:
    """A cookie's value in a Cookie header; empty where it is not there.

    Read piece by piece: other applications of the host may have cookies that strict readers stumble over.
    """
    for piece in header.split(";"):
        found, _, value = piece.strip().partition("=")
        if found == name:
            return value
    return ""


class SocketEndpoint:
    """An ASGI application for scopes of type "websocket".

    `accept` is called once for each connection that is open and gives back who receives its messages.
    `admits` says whether it may come just now; clients try again after any refusal.
    `allows` decides on the Origin (and whatever else the handshake shows) before the upgrade; a refusal is a
    403.
    """

    def __init__(
        self,
        accept: Callable[[Link, Handshake], Receiver],
        allows: Callable[[Handshake], bool],
        max_message_bytes: int = MAX_MESSAGE_BYTES,
        *,
        admits: Callable[[Handshake], bool] = lambda _handshake: True,
    ) -> None:
        self.accept = accept
        self.allows = allows
        self.admits = admits
        self.max_message_bytes = max_message_bytes

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            await _refuse_http(send)
            return
        handshake = read_handshake(scope)
        if not (self.allows(handshake) and self.admits(handshake)):
            await send({"type": "websocket.close"})
            return

        def accept(link: Link) -> Receiver:
            return self.accept(link, handshake)

        extensions: dict[str, Callable[..., None]] = scope.get("extensions") or {}
        take_over = extensions.get(EXTENSION)
        try:
            if take_over is None:
                await receive()
            await send({"type": "websocket.accept"})
            if take_over is not None:
                take_over(accept, handshake.address)
                return
        except OSError:
            return  # the peer went away during the handshake
        await PlainSocket(handshake.address, self.max_message_bytes, receive, send).run(accept)


def read_handshake(scope: Message) -> Handshake:
    """What an ASGI scope, of HTTP or WebSocket, says of who comes."""
    headers: list[tuple[bytes, bytes]] = scope["headers"]
    client: tuple[Any, ...] | None = scope.get("client")

    def header(name: bytes, separator: str = ", ") -> str:
        # Joined, so that a header sent twice cannot show one value here and another to a proxy.
        return separator.join(value.decode("latin-1") for key, value in headers if key.lower() == name)

    return Handshake(
        address=str(client[0]) if client else "",
        origin=header(b"origin") if any(key.lower() == b"origin" for key, _ in headers) else None,
        host=header(b"host"),
        cookies=header(b"cookie", "; "),
        user_agent=header(b"user-agent"),
    )


async def _refuse_http(send: Send) -> None:
    headers = [
        (b"content-type", b"application/json"),
        (b"upgrade", b"websocket"),
        (b"connection", b"upgrade"),
    ]
    await send({"type": "http.response.start", "status": 426, "headers": headers})
    await send({"type": "http.response.body", "body": _UPGRADE_REQUIRED})
