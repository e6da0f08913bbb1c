"""A WebSocket client that may send anything: it knows frames, and no rules."""

from __future__ import annotations

import base64
import os
import socket
from typing import NamedTuple

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


class Frame(NamedTuple):
    opcode: int
    payload: bytes


def client_frame(
    opcode: int, payload: bytes = b"", *, fin: bool = True, reserved: int = 0, masked: bool = True
) -> bytes:
    first = (0x80 if fin else 0) | reserved << 4 | opcode
    flag = 0x80 if masked else 0
    size = len(payload)
    if size < 126:
        head = bytes((first, flag | size))
    elif size < 65_536:
        head = bytes((first, flag | 126)) + size.to_bytes(2)
    else:
        head = bytes((first, flag | 127)) + size.to_bytes(8)
    if not masked:
        return head + payload
    mask = os.urandom(4)
    key = int.from_bytes((mask * (size // 4 + 1))[:size])
    return head + mask + (int.from_bytes(payload) ^ key).to_bytes(size)


def text(payload: str | bytes) -> bytes:
    return client_frame(TEXT, payload.encode() if isinstance(payload, str) else payload)


def ping(payload: bytes = b"") -> bytes:
    return client_frame(PING, payload)


def close(code: int | None = 1000, reason: bytes = b"") -> bytes:
    return client_frame(CLOSE, b"" if code is None else code.to_bytes(2) + reason)


class RawClient:
    """One connection over a blocking socket; every wait is bounded."""

    def __init__(self, port: int, *headers: str, seconds: float = 20.0, receive_buffer: int = 0) -> None:
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(seconds)
        self.socket.connect(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.unread = b""
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [
            "GET /ws HTTP/1.1",
            f"Host: 127.0.0.1:{port}",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            f"Sec-WebSocket-Key: {key}",
            *headers,
        ]
        self.socket.sendall("\r\n".join([*lines, "", ""]).encode())
        while b"\r\n\r\n" not in self.unread:
            if not self._read():
                break
        head, _, self.unread = self.unread.partition(b"\r\n\r\n")
        self.response = head.decode()
        self.status = int(head.split()[1])

    def __enter__(self) -> RawClient:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def _read(self) -> bool:
        data = self.socket.recv(65_536)
        self.unread += data
        return bool(data)

    def send(self, *parts: bytes) -> None:
        for part in parts:
            self.socket.sendall(part)

    def say(self, words: str) -> None:
        self.send(text(words))

    def frame(self) -> Frame | None:
        """The next frame; None at the end of the stream."""
        while True:
            frame = self._take()
            if frame is not None:
                return frame
            if not self._read():
                assert not self.unread, "the stream ended within a frame"
                return None

    def rest(self) -> list[Frame]:
        """Every frame until the server ends the stream."""
        frames: list[Frame] = []
        while (frame := self.frame()) is not None:
            frames.append(frame)
        return frames

    def ask(self, words: str) -> bytes:
        self.say(words)
        frame = self.frame()
        assert frame is not None
        assert frame.opcode == TEXT
        return frame.payload

    def _take(self) -> Frame | None:
        unread = self.unread
        if len(unread) < 2:
            return None
        first, size, start = unread[0], unread[1], 2
        assert first & 0x70 == 0, "reserved bits"
        assert first & 0x80, "the server never fragments"
        assert size < 128, "a server does not mask"
        if size >= 126:
            start = 4 if size == 126 else 10
            if len(unread) < start:
                return None
            size = int.from_bytes(unread[2:start])
        if len(unread) < start + size:
            return None
        self.unread = unread[start + size :]
        return Frame(first & 0x0F, unread[start : start + size])
