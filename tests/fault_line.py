"""One line through the fault proxy: bytes both ways, in order, as far as the faults let them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

Towards = Literal["client", "server"]
Upgrades = Literal["pass", "refuse", "close", "swallow"]
REFUSAL = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
HEAD_BYTES = 65_536
PIECES = 64
"""Read ahead while they are delayed; then the sender waits."""


@dataclass
class Faults:
    """What is wrong with the network at this moment, for all lines."""

    flowing: asyncio.Event = field(default_factory=asyncio.Event)
    """Not set: nothing moves, and nobody is told."""
    delay: float = 0.0
    vanishing: frozenset[Towards] = frozenset()
    upgrades: Upgrades = "pass"
    left_to_client: int | None = None
    """So many bytes more, then the line that carries the last of them breaks."""
    awaited: bytes = b""
    """They are counted from where this begins."""


class Line:
    """A client's connection and the one that the proxy makes for it."""

    def __init__(self, faults: Faults, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.has_lost_bytes = False
        """It can never be whole again: what comes next would be taken for what is missing."""
        self._faults = faults
        self._reader = reader
        self._writer = writer
        self._far: asyncio.StreamWriter | None = None

        self._task: asyncio.Task[None] | None = None

    def abort(self) -> None:
        """Break it, as far as it has come."""
        if self._task is not None:
            self._task.cancel()
        for writer in (self._writer, self._far):
            if writer is not None:
                writer.transport.abort()

    async def run(self, target: Callable[[], int]) -> None:
        self._task = asyncio.ensure_future(self._run(target))
        await asyncio.wait((self._task,))

    async def _run(self, target: Callable[[], int]) -> None:
        with contextlib.suppress(OSError):
            await self._faults.flowing.wait()
            begun = b"" if self._faults.upgrades == "pass" else await self._read_head()
            if not await self._is_let_through(begun):
                return
            far_reader, self._far = await asyncio.open_connection("127.0.0.1", target())
            self._far.write(begun)
            both = [
                asyncio.ensure_future(self._pass(self._reader, self._far, "server")),
                asyncio.ensure_future(self._pass(far_reader, self._writer, "client")),
            ]
            try:
                await asyncio.gather(*both)
            finally:
                for each in both:
                    each.cancel()

    # A proxy that does not know WebSocket

    async def _read_head(self) -> bytes:
        head = b""
        while b"\r\n\r\n" not in head and len(head) < HEAD_BYTES:
            data = await self._reader.read(HEAD_BYTES)
            if not data:
                break
            head += data
        return head

    async def _is_let_through(self, begun: bytes) -> bool:
        head = begun.partition(b"\r\n\r\n")[0].lower()
        if b"\r\nupgrade:" not in head or self._faults.upgrades == "pass":
            return True
        if self._faults.upgrades == "refuse":
            self._writer.write(REFUSAL)
            self._writer.close()
            await self._writer.wait_closed()
        elif self._faults.upgrades == "swallow":
            while await self._reader.read(HEAD_BYTES):
                pass
        return False

    # One way

    async def _pass(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, towards: Towards
    ) -> None:
        """Until its end, which is passed on as well."""
        pieces: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(PIECES)
        reading = asyncio.ensure_future(self._read(reader, pieces))
        try:
            while True:
                due, data = await pieces.get()
                await self._wait_until(due)
                if towards in self._faults.vanishing:
                    self.has_lost_bytes = True
                    if not data:
                        return  # its end vanished as well: the other side hears of nothing
                elif data:
                    await self._write(writer, data, towards)
                else:
                    break
            writer.close()
        except OSError:
            if not self._faults.vanishing:
                raise
            # That the far end is gone is among what vanishes; `mend` breaks the line.
            self.has_lost_bytes = True
            await asyncio.get_running_loop().create_future()
        finally:
            reading.cancel()

    async def _read(self, reader: asyncio.StreamReader, pieces: asyncio.Queue[tuple[float, bytes]]) -> None:
        loop = asyncio.get_running_loop()
        data = b"?"
        while data:
            try:
                data = await reader.read(HEAD_BYTES)
            except OSError:
                data = b""
            await pieces.put((loop.time() + self._faults.delay, data))

    async def _wait_until(self, due: float) -> None:
        wait = due - asyncio.get_running_loop().time()
        if wait > 0:
            await asyncio.sleep(wait)
        await self._faults.flowing.wait()

    async def _write(self, writer: asyncio.StreamWriter, data: bytes, towards: Towards) -> None:
        """Raises ConnectionError where the line breaks with it."""
        left = self._left_to_client(data) if towards == "client" else None
        if left is None or left > len(data):
            if left is not None:
                self._faults.left_to_client = left - len(data)
            writer.write(data)
            await writer.drain()
            return
        self._faults.left_to_client = None
        writer.write(data[:left])
        writer.close()
        await writer.wait_closed()
        raise ConnectionAbortedError

    def _left_to_client(self, data: bytes) -> int | None:
        """Bytes from the beginning of these; None where none of them counts."""
        left, begin = self._faults.left_to_client, data.find(self._faults.awaited)
        if left is None or begin < 0:
            return None
        self._faults.awaited = b""
        return begin + left
