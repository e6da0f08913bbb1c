"""RFC 6455 as the Autobahn suite asks for it, in the same groups, on both transports.

Each case sends bytes and, unless the server is to close by itself, ends with a close frame 1000; then
everything up to the end of the stream must be exactly what is expected.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator

import pytest

from tests.realtime.conftest import EchoServer
from tests.realtime.raw_client import BINARY, CLOSE, PING, PONG, TEXT, Frame, client_frame, close, ping, text

LIMIT = 262_144
MEDIUM, LARGE = "m" * 65_535, "l" * 65_536


def begins(payload: bytes, opcode: int = TEXT, reserved: int = 0) -> bytes:
    return client_frame(opcode, payload, fin=False, reserved=reserved)


def goes_on(payload: bytes) -> bytes:
    return client_frame(0, payload, fin=False)


def ends(payload: bytes) -> bytes:
    return client_frame(0, payload)


def pong(payload: bytes = b"") -> bytes:
    return client_frame(PONG, payload)


def echo(*payloads: str | bytes) -> list[Frame]:
    return [Frame(TEXT, each.encode() if isinstance(each, str) else each) for each in payloads]


def pongs(*payloads: bytes) -> list[Frame]:
    return [Frame(PONG, each) for each in payloads]


# name: (what is sent, what comes back before the close frame, the code of the server's close frame or, where
# the server closes by itself, its negative)
Case = tuple[bytes, list[Frame], int]

FRAMING: dict[str, Case] = {
    f"1.1 text of {size} bytes": (text("a" * size), echo("a" * size), 1000)
    for size in (0, 1, 125, 126, 127, 128, 65_535, 65_536, LIMIT)
} | {
    "1.1 many in one piece": (b"".join(text(str(n)) for n in range(500)), echo(*map(str, range(500))), 1000),
    "1.2 binary": (client_frame(BINARY, b"\x00\x01"), [], -1003),
    "1.2 empty binary": (client_frame(BINARY), [], -1003),
    "1.2 binary in fragments": (begins(b"\x00", BINARY) + ends(b"\x01"), [], -1003),
    "unmasked text": (client_frame(TEXT, b"bare", masked=False), [], -1002),
    "unmasked empty text": (client_frame(TEXT, masked=False), [], -1002),
    "unmasked long text": (client_frame(TEXT, b"b" * 300, masked=False), [], -1002),
    "unmasked ping": (client_frame(PING, b"bare", masked=False), [], -1002),
    "text before an unmasked one": (
        text("kept") + client_frame(TEXT, b"x", masked=False),
        echo("kept"),
        -1002,
    ),
}

PINGS: dict[str, Case] = {
    "2.1 empty ping": (ping(), pongs(b""), 1000),
    "2.2 ping with text": (ping(b"Hello"), pongs(b"Hello"), 1000),
    "2.3 ping with bytes": (ping(b"\x00\xff\xfe\xfd"), pongs(b"\x00\xff\xfe\xfd"), 1000),
    "2.4 ping of 125 bytes": (ping(b"p" * 125), pongs(b"p" * 125), 1000),
    "2.5 ping of 126 bytes": (ping(b"p" * 126), [], -1002),
    "2.7 pong nobody asked for": (pong(), [], 1000),
    "2.8 pong with text": (pong(b"Hello"), [], 1000),
    "2.9 pong, then ping": (pong(b"a") + ping(b"b"), pongs(b"b"), 1000),
    "2.10 ten pings": (
        b"".join(ping(b"%d" % n) for n in range(10)),
        pongs(*(b"%d" % n for n in range(10))),
        1000,
    ),
}

RESERVED_BITS: dict[str, Case] = {
    f"3 text with reserved bits {bits}": (
        text("kept") + client_frame(TEXT, b"x", reserved=bits) + ping(),
        echo("kept"),
        -1002,
    )
    for bits in range(1, 8)
} | {
    "3 ping with reserved bits": (client_frame(PING, b"x", reserved=1), [], -1002),
    "3 close with reserved bits": (client_frame(CLOSE, b"", reserved=4), [], -1002),
    "3 first fragment with reserved bits": (begins(b"x", reserved=4), [], -1002),
}

OPCODES: dict[str, Case] = {
    f"4 opcode {opcode}": (text("kept") + client_frame(opcode, b"x") + ping(), echo("kept"), -1002)
    for opcode in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15)
}

FRAGMENTS: dict[str, Case] = {
    "5.1 ping in fragments": (begins(b"a", PING) + ends(b"b"), [], -1002),
    "5.2 pong in fragments": (begins(b"a", PONG) + ends(b"b"), [], -1002),
    "close in fragments": (begins(b"\x03\xe8", CLOSE) + ends(b""), [], -1002),
    "5.3 text in two": (begins(b"one ") + ends(b"two"), echo("one two"), 1000),
    "5.6 ping between": (begins(b"one ") + ping(b"p") + ends(b"two"), pongs(b"p") + echo("one two"), 1000),
    "5.8 pings between all": (
        begins(b"1") + ping(b"a") + goes_on(b"2") + ping(b"b") + goes_on(b"") + pong() + ends(b"3"),
        pongs(b"a", b"b") + echo("123"),
        1000,
    ),
    "5.9 continuation of nothing, final": (ends(b"x") + text("never"), [], -1002),
    "5.12 continuation of nothing": (goes_on(b"x") + text("never"), [], -1002),
    "5.15 continuation after the end": (begins(b"1") + ends(b"2") + goes_on(b"3"), echo("12"), -1002),
    "5.18 text within a text": (begins(b"1") + text("2"), [], -1002),
    "text begun within a text": (begins(b"1") + begins(b"2"), [], -1002),
    "empty fragments": (begins(b"") + goes_on(b"") * 100 + ends(b""), echo(""), 1000),
    "two in fragments": ((begins(b"1") + goes_on(b"2") + ends(b"3")) * 2, echo("123", "123"), 1000),
    "close within a text": (begins(b"1"), [], 1000),
    "a letter cut by fragments": (begins("가".encode()[:1]) + ends("가".encode()[1:]), echo("가"), 1000),
    "a fragment for each byte": (
        begins(b"k") + b"".join(goes_on(bytes((b,))) for b in "κόσμε한글🇰🇷".encode()) + ends(b""),
        echo("kκόσμε한글🇰🇷"),
        1000,
    ),
}

VALID_TEXTS = [
    "Hello-µ@ßöäüàá-UTF-8!!",
    "κόσμε",
    "안녕하세요 😀 👨‍👩‍👧‍👦",
    "\x00",
    "\x7f\x80\u07ff\u0800\uffff\U00010000\U0010ffff",
    "\ud7ff\ue000\ufffd",
    "\ufdd0\ufffe\U0001fffe",
]
INVALID_TEXTS = {
    "lone continuation": "80",
    "two continuations": "80bf",
    "start byte alone": "c0",
    "cut of two": "cf",
    "cut of three": "e0a0",
    "cut of four": "f0a080",
    "middle cut": "cebae1bdb9cf83cebceda080656469746564",
    "overlong slash of two": "c0af",
    "overlong slash of three": "e080af",
    "overlong slash of four": "f08080af",
    "overlong null": "c080",
    "highest overlong": "c1bf",
    "surrogate first": "eda080",
    "surrogate last": "edbfbf",
    "surrogate pair": "eda080edb080",
    "beyond the last": "f4908080",
    "five bytes": "f888808080",
    "six bytes": "fc8480808080",
    "fe": "fe",
    "ff after text": "61ff",
}
UTF8: dict[str, Case] = (
    {f"6 valid {each!r}": (text(each), echo(each), 1000) for each in VALID_TEXTS}
    | {f"6 {name}": (text(bytes.fromhex(each)), [], -1007) for name, each in INVALID_TEXTS.items()}
    | {
        f"6 {name} in fragments": (begins(bytes.fromhex(each)[:1]) + ends(bytes.fromhex(each)[1:]), [], -1007)
        for name, each in INVALID_TEXTS.items()
    }
)

CLOSING: dict[str, Case] = {
    "7.1 text, then close": (text("kept"), echo("kept"), 1000),
    "7.1 text after close": (close() + text("too late"), [], -1000),
    "7.1 ping after close": (close() + ping(), [], -1000),
    "7.1 two closes": (close() + close(1001), [], -1000),
    "7.3 empty close": (close(None), [], -1000),
    "7.3 close of one byte": (client_frame(CLOSE, b"\x03"), [], -1002),
    "7.3 longest reason": (close(1000, b"r" * 123), [], -1000),
    "7.3 reason too long": (close(1000, b"r" * 124), [], -1002),
    "7.5 reason is not UTF-8": (close(1000, b"\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xed\xa0\x80"), [], -1007),
}
CLOSING |= {
    f"7.7 close {code}": (close(code), [], -code)
    for code in (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999)
}
CLOSING |= {
    f"7.9 close {code}": (close(code), [], -1002)
    for code in (0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535)
}

LIMITS: dict[str, Case] = {
    "9.1 text of 64 KB twice": (text(MEDIUM) + text(LARGE), echo(MEDIUM, LARGE), 1000),
    "9.3 limit in fragments of 64": (
        begins(b"a" * 64) + goes_on(b"a" * 64) * (LIMIT // 64 - 2) + ends(b"a" * 64),
        echo("a" * LIMIT),
        1000,
    ),
    "9.7 two thousand texts": (text("t" * 100) * 2000, echo(*["t" * 100] * 2000), 1000),
    "over the limit": (text("kept") + text("a" * (LIMIT + 1)), echo("kept"), -1009),
    "over the limit by header alone": (b"\x81\xff" + (2**62).to_bytes(8) + b"mask", [], -1009),
    "over the limit in fragments": (begins(b"a" * LIMIT) + ends(b"a"), [], -1009),
    "over the limit within fragments": (
        begins(b"a" * LIMIT) + ping(b"p") + goes_on(b"a"),
        pongs(b"p"),
        -1009,
    ),
}

GROUPS = [FRAMING, PINGS, RESERVED_BITS, OPCODES, FRAGMENTS, UTF8, CLOSING, LIMITS]
CASES = {name: case for group in GROUPS for name, case in group.items()}

# What uvicorn itself answers otherwise: it refuses a close frame within a fragmented message, and closes the
# socket over the unread rest of a big frame, which resets it.
PLAIN_DIFFERS = {"close within a text", "over the limit"}


def pieces(data: bytes, size: int) -> Iterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


@pytest.mark.parametrize("size", [None, 1, 61, 4099], ids=["whole", "bytes", "61", "4099"])
@pytest.mark.parametrize("name", CASES)
def test_answers_as_the_protocol_says(server: EchoServer, name: str, size: int | None) -> None:
    sent, expected, code = CASES[name]
    if size is not None and not size <= len(sent) <= size * 5000:
        return  # these pieces show nothing new for a message of this length
    if not server.fast and name in PLAIN_DIFFERS:
        return
    if server.fast:
        frames = talk(server, [*(pieces(sent, size) if size else [sent]), *([close()] if code >= 0 else [])])
        assert frames[:-1] == expected
    elif code >= 0:
        # ASGI ends the connection at the peer's close, before what the application owes: so read first.
        frames = talk(server, pieces(sent, size) if size else [sent], expect=len(expected))
        assert frames[:-1] == expected
    elif size is None:
        frames = talk(server, [sent])
    else:
        return  # uvicorn closes the socket at once, and bytes still on their way reset it
    assert frames[-1].opcode == CLOSE
    assert frames[-1].payload[:2] in {abs(code).to_bytes(2), b"" if name == "7.3 empty close" else None}


def talk(server: EchoServer, sent: Iterable[bytes], expect: int | None = None) -> list[Frame]:
    """All that comes back until the stream ends; with `expect`, a close is sent after so many frames."""
    with server.connect() as client:
        client.send(*sent)
        frames = [client.frame() for _ in range(expect or 0)]
        if expect is not None:
            client.send(close())
        while (frame := client.frame()) is not None:
            frames.append(frame)
            if frame.opcode == CLOSE and not server.fast:
                with contextlib.suppress(OSError):
                    client.send(close())  # uvicorn waits ten seconds for it
                break
        return [frame for frame in frames if frame]
