"""Client frames of RFC 6455, taken apart without queue, task or copy more than needed.

A whole text message in one piece is the case that counts; all others leave the loop for a method of their
own.
"""

from sendjay.realtime.link import CloseCode

try:
    from websockets.speedups import apply_mask
except ImportError:  # the C extension is optional where the package was built from source
    from websockets.utils import apply_mask

# The first byte of a frame: FIN and the opcode. Reserved bits, reserved opcodes and fragmented control frames
# make bytes that are not among these.
_TEXT = 0x81
_TEXT_BEGINS = 0x01
_GOES_ON = 0x00
_ENDS = 0x80
_CLOSE = 0x88
_PING = 0x89
_PONG = 0x8A
_BINARY = frozenset((0x82, 0x02))
_CONTROL = frozenset((_CLOSE, _PING, _PONG))
_KNOWN = frozenset((_TEXT, _TEXT_BEGINS, _GOES_ON, _ENDS)) | _BINARY | _CONTROL

_CONTROL_BYTES = 125

# The registered codes that a peer may put in a close frame; 3000-4999 are free for use.
_CLOSE_CODES = frozenset((1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014))


class FrameError(Exception):
    """What the client sent ends the connection with `code`."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class FrameReader:
    """Turns the bytes of a stream into calls of the three `*_received` methods, which a transport overrides.

    It holds at most one unfinished frame and one unfinished message, both within `max_message_bytes`. Once
    `reading` is false everything that comes is dropped.
    """

    __slots__ = ("_fragments", "_max_message_bytes", "_needed", "_partial", "reading")

    def __init__(self, max_message_bytes: int) -> None:
        self.reading = True
        self._max_message_bytes = max_message_bytes
        self._fragments: bytearray | None = None
        self._partial: bytearray | None = None
        self._needed = 0

    def text_received(self, payload: bytes) -> None:
        """One whole message, valid UTF-8."""
        raise NotImplementedError

    def ping_received(self, payload: bytes) -> None:
        raise NotImplementedError

    def close_received(self, code: int) -> None:
        raise NotImplementedError

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the stream. Raises `FrameError`, after which nothing more may be fed."""
        partial = self._partial
        if partial is not None:
            # Appending in place until the frame is whole keeps byte-by-byte input linear.
            partial += data
            if len(partial) < self._needed:
                return
            data = bytes(partial)
            self._partial = None
        position, end, needed = 0, len(data), 2
        while self.reading and end - position >= 2:
            first = data[position]
            size = data[position + 1] - 128
            start = position + 6
            if size >= 126:
                start = position + (8 if size == 126 else 14)
                if end < start:
                    needed = start - position
                    break
                size = int.from_bytes(data[position + 2 : start - 4])
            if first != _TEXT or size < 0 or size > self._max_message_bytes or self._fragments is not None:
                self._check_header(first, size)
            stop = start + size
            if end < stop:
                needed = stop - position
                break
            payload = apply_mask(data[start:stop], data[start - 4 : start])
            position = stop
            if first == _TEXT:
                self._take_text(payload)
            else:
                self._take_other(first, payload)
        if self.reading and position < end:
            self._partial = bytearray(data[position:])
            self._needed = needed

    def _check_header(self, first: int, size: int) -> None:
        """Refuse a frame by its header, before any of its payload is kept."""
        if size < 0:
            raise FrameError(CloseCode.PROTOCOL_ERROR, "client frames must be masked")
        if first not in _KNOWN:
            raise FrameError(CloseCode.PROTOCOL_ERROR, "reserved bits or opcode")
        if first in _CONTROL:
            if size > _CONTROL_BYTES:
                raise FrameError(CloseCode.PROTOCOL_ERROR, "control frame too long")
            return
        if first in _BINARY:
            raise FrameError(CloseCode.UNSUPPORTED_DATA, "text only")
        begins = first in (_TEXT, _TEXT_BEGINS)
        if begins == (self._fragments is not None):
            raise FrameError(CloseCode.PROTOCOL_ERROR, "fragments out of order")
        if size + len(self._fragments or b"") > self._max_message_bytes:
            raise FrameError(CloseCode.TOO_BIG, "message too big")

    def _take_text(self, payload: bytes) -> None:
        if not payload.isascii():
            try:
                payload.decode()
            except UnicodeDecodeError:
                raise FrameError(CloseCode.INVALID_TEXT, "invalid UTF-8") from None
        self.text_received(payload)

    def _take_other(self, first: int, payload: bytes) -> None:
        if first == _PING:
            self.ping_received(payload)
        elif first == _CLOSE:
            self.reading = False
            self.close_received(_close_code(payload))
        elif first == _TEXT_BEGINS:
            self._fragments = bytearray(payload)
        elif first != _PONG and self._fragments is not None:
            self._fragments += payload
            if first == _ENDS:
                message, self._fragments = bytes(self._fragments), None
                self._take_text(message)


def _close_code(payload: bytes) -> int:
    """The code in a close frame's payload, which is empty or a code and a reason in UTF-8."""
    if not payload:
        return CloseCode.NO_CODE
    code = int.from_bytes(payload[:2])
    if len(payload) < 2 or not (code in _CLOSE_CODES or 3000 <= code <= 4999):
        raise FrameError(CloseCode.PROTOCOL_ERROR, "invalid close code")
    try:
        payload[2:].decode()
    except UnicodeDecodeError:
        raise FrameError(CloseCode.INVALID_TEXT, "invalid UTF-8") from None
    return code
