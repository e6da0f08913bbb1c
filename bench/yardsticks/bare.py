"""CPython's limit: a server on asyncio (uvloop) that does nothing but write bytes it had ready.

    python bare.py [--event-bytes N] [--answer-bytes N]

The first frame of a connection names its room and is answered. Every later frame, told apart by its length
alone and never decoded, makes one write of the same prebuilt event frame to every socket of the room; with
--answer-bytes one write of a prebuilt answer to the asking socket instead. No acks, no database, no checks.
Prints its port.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import gc
import hashlib
import json

import uvloop

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def framed(payload: bytes) -> bytes:
    """An unmasked text frame."""
    size = len(payload)
    if size < 126:
        return bytes((0x81, size)) + payload
    if size < 65536:
        return b"\x81\x7e" + size.to_bytes(2, "big") + payload
    return b"\x81\x7f" + size.to_bytes(8, "big") + payload


def padded(head: bytes, size: int) -> bytes:
    return framed(head + b'"' + b"x" * max(0, size - len(head) - 3) + b'"}')


class Socket(asyncio.Protocol):
    __slots__ = ("buffer", "room", "transport", "upgraded")
    event = b""
    answer = b""
    welcome = framed(b'{"re":1,"ok":{}}')
    rooms: dict[str, list[asyncio.Transport]] = {}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]
        self.buffer = b""
        self.upgraded = False
        self.room: list[asyncio.Transport] | None = None

    def connection_lost(self, exc: Exception | None) -> None:
        if self.room is not None:
            self.room.remove(self.transport)

    def data_received(self, data: bytes) -> None:
        if self.buffer:
            data, self.buffer = self.buffer + data, b""
        if not self.upgraded:
            data = self.upgrade(data)
        at, end = 0, len(data)
        while end - at >= 6:
            size, header = data[at + 1] & 0x7F, 6
            if size == 126:
                size, header = int.from_bytes(data[at + 2 : at + 4], "big"), 8
            if end - at < header + size:
                break
            opcode = data[at] & 15
            if opcode == 8:
                self.transport.close()
                return
            if self.room is None:
                self.join(data[at + header - 4 : at + header], data[at + header : at + header + size])
            elif opcode == 1:
                self.react()
            at += header + size
        self.buffer = data[at:]

    def react(self) -> None:
        if self.answer:
            self.transport.write(self.answer)
            return
        event = self.event
        for transport in self.room or ():
            transport.write(event)

    def upgrade(self, data: bytes) -> bytes:
        end = data.find(b"\r\n\r\n")
        if end < 0:
            self.buffer = data
            return b""
        key = data[:end].split(b"Sec-WebSocket-Key: ")[1].split(b"\r\n")[0]
        accept = base64.b64encode(hashlib.sha1(key + GUID, usedforsecurity=False).digest())
        self.transport.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
        )
        self.upgraded = True
        return data[end + 4 :]

    def join(self, mask: bytes, payload: bytes) -> None:
        hello = json.loads(bytes(byte ^ mask[i & 3] for i, byte in enumerate(payload)))
        self.room = self.rooms.setdefault(hello["room"], [])
        self.room.append(self.transport)
        self.transport.write(self.welcome)


async def main(arguments: argparse.Namespace) -> None:
    Socket.event = padded(b'{"ev":"message.new","room":', arguments.event_bytes)
    if arguments.answer_bytes:
        Socket.answer = padded(b'{"re":2,"ok":', arguments.answer_bytes)
    server = await asyncio.get_running_loop().create_server(Socket, "127.0.0.1", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    gc.freeze()
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--event-bytes", type=int, default=245)
    parser.add_argument("--answer-bytes", type=int, default=0)
    uvloop.run(main(parser.parse_args()))
