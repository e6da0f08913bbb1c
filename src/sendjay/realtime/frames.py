"""Server frames of RFC 6455, built once and written to many sockets. A server's frames are never masked."""

from collections.abc import Iterator
from struct import Struct

# FIN and the opcode: every frame built here is a whole message.
_TEXT = 0x81
_CLOSE = 0x88
_PONG = 0x8A

# A control frame carries at most 125 bytes, two of them a close frame's code.
_CLOSE_REASON_BYTES = 123

_MEDIUM = Struct("!BBH")
_LARGE = Struct("!BBQ")


def text_frame(payload: bytes) -> bytes:
    """One text message of valid UTF-8 as one frame."""
    size = len(payload)
    if size < 126:
        return bytes((_TEXT, size)) + payload
    if size < 65_536:
        return _MEDIUM.pack(_TEXT, 126, size) + payload
    return _LARGE.pack(_TEXT, 127, size) + payload


def pong_frame(payload: bytes) -> bytes:
    """The answer to a ping of at most 125 bytes."""
    return bytes((_PONG, len(payload))) + payload


def close_frame(code: int, reason: str = "") -> bytes:
    """A close frame; a reason that is too long is cut."""
    detail = short_reason(reason).encode()
    return bytes((_CLOSE, 2 + len(detail))) + code.to_bytes(2) + detail


def short_reason(reason: str) -> str:
    """As much of a close reason as a frame can carry, cut between two characters."""
    return reason.encode()[:_CLOSE_REASON_BYTES].decode(errors="ignore")


def payloads(frames: bytes) -> Iterator[bytes]:
    """The payloads of frames built by `text_frame`, in order. The argument holds whole frames."""
    position = 0
    while position < len(frames):
        start, position = _bounds(frames, position)
        yield frames[start:position]


def without_first(frames: bytes, count: int) -> bytes:
    """The same without so many of the first frames."""
    position = 0
    for _ in range(count):
        _, position = _bounds(frames, position)
    return frames[position:]


def _bounds(frames: bytes, position: int) -> tuple[int, int]:
    """Where the payload of the frame that begins here starts and ends."""
    size = frames[position + 1]
    start = position + 2
    if size == 126:
        size = int.from_bytes(frames[start : start + 2])
        start += 2
    elif size == 127:
        size = int.from_bytes(frames[start : start + 8])
        start += 8
    return start, start + size
