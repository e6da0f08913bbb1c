"""What lies between a WebSocket transport and the owner of a connection.

Two transports offer the same `Link`: `fast_socket` (frames parsed in uvicorn's protocol class) and
`plain_socket` (plain ASGI, any server). Everything above knows only this page. All of it happens on the event
loop's thread.
"""

from enum import IntEnum
from typing import Protocol

# A peer that does not finish its half of the closing handshake is cut off after this long.
CLOSE_SECONDS = 3.0

# The largest text message taken from a client, counted over all its fragments.
MAX_MESSAGE_BYTES = 262_144


class CloseCode(IntEnum):
    """The close codes a transport itself uses (RFC 6455, section 7.4); the owner's own lie in 4000-4999."""

    NORMAL = 1000
    PROTOCOL_ERROR = 1002
    UNSUPPORTED_DATA = 1003
    NO_CODE = 1005
    """The peer's close frame had no code, or (plain transport) the connection broke. Never sent."""
    ABNORMAL = 1006
    """The connection broke without a close frame. Never sent."""
    INVALID_TEXT = 1007
    TOO_BIG = 1009
    INTERNAL_ERROR = 1011
    SERVICE_RESTART = 1012


class Receiver(Protocol):
    """Whom a link hands its incoming traffic to.

    What a method raises is caught by the link and logged; the peer gets 1011 and never a traceback.
    """

    def receive_text(self, payload: bytes, /) -> None:
        """One whole text message, known to be valid UTF-8. Not called after `Link.close` or `link_lost`."""
        ...

    def link_lost(self, code: int, /) -> None:
        """The connection is over; exactly once, and nothing else comes after it.

        `code` is the peer's close code, the one given to `Link.close`, or the transport's own (`CloseCode`).
        After `Link.close` it comes in a later turn of the loop, never from inside `close`.
        """
        ...


class Link(Protocol):
    """One open WebSocket connection. Any method may be called at any time; after the end it does nothing."""

    @property
    def address(self) -> str:
        """The peer's IP address, a trusted proxy's word for it included; empty where there is none."""
        ...

    def send(self, frames: bytes, /) -> bool:
        """Send one or several server frames that `frames.text_frame` built, back to back, in order.

        What is due in one turn of the loop leaves in one write. It never waits; True says that the peer does
        not keep up, and that it is time to look at `buffered`.
        """
        ...

    def close(self, code: int, reason: str = "") -> None:
        """Send what is due, then a close frame; TCP ends within `CLOSE_SECONDS`, whatever the peer does."""
        ...

    def buffered(self) -> int:
        """Bytes given to `send` that the kernel has not taken. Too many: the owner closes."""
        ...
