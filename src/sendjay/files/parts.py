"""Takes one part of an upload in: from the network to the disk, with little of it in memory at any time."""

from __future__ import annotations

import asyncio
import errno
import hashlib
from collections import Counter
from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager
from typing import NamedTuple

from sendjay.files.depot import InUse, Part
from sendjay.files.threads import FileThreads
from sendjay.protocol.errors import Code, Refused

GATHERED_BYTES = 262_144
"""Written in pieces of this size."""
PARTS_AT_ONCE = 256
"""On this node: 64 MB of what was gathered, were all of them full."""
PARTS_OF_PERSON = 16
INTERRUPT_SECONDS = 5.0
_NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class UploadInUse(Exception):
    """Another part of the same upload is being taken in."""


class WrongChecksum(Exception):
    """What came is not what was sent; none of it was kept."""


class Checksum(NamedTuple):
    algorithm: str
    digest: bytes


class Held:
    """A part that is being taken in, and the way to break it off."""

    def __init__(self) -> None:
        self.reading: asyncio.Task[object] | None = None
        self.is_interrupted = False
        self.released = asyncio.Event()


class PartsAtOnce:
    """One part of an upload at a time, a few of a person, so many of all."""

    def __init__(self) -> None:
        self._held: dict[str, Held] = {}
        self._people: Counter[str] = Counter()

    @contextmanager
    def holding(self, user: str, file_id: str) -> Generator[Held]:
        """Raises UploadInUse, Refused."""
        if file_id in self._held:
            raise UploadInUse
        if len(self._held) >= PARTS_AT_ONCE or self._people[user] >= PARTS_OF_PERSON:
            raise Refused(Code.BUSY, retry_after_ms=2000)
        held = self._held[file_id] = Held()
        self._people[user] += 1
        try:
            yield held
        finally:
            del self._held[file_id]
            self._people[user] -= 1
            if not self._people[user]:
                del self._people[user]
            held.released.set()

    async def interrupt(self, file_id: str) -> None:
        """Who asks where an upload stands has lost the line on which its part was coming; we may not have
        noticed yet. Raises UploadInUse.
        """
        held = self._held.get(file_id)
        if held is None:
            return
        held.is_interrupted = True
        if held.reading is not None:
            held.reading.cancel()
        try:
            async with asyncio.timeout(INTERRUPT_SECONDS):
                await held.released.wait()
        except TimeoutError:
            raise UploadInUse from None


class PartWriter:
    """Writes what comes of a part; `room` is how much the upload may still grow."""

    def __init__(
        self, part: Part, threads: FileThreads, held: Held, room: int, checksum: Checksum | None
    ) -> None:
        self._part = part
        self._threads = threads
        self._held = held
        self._room = room
        self._checksum = checksum
        self._digest = hashlib.new(checksum.algorithm, usedforsecurity=False) if checksum else None

    async def take(self, body: AsyncIterator[bytes], announced: int | None) -> int:
        """How much of the upload there is afterwards. Raises Refused, UploadInUse, WrongChecksum."""
        is_good = False
        try:
            if announced is not None and announced > self._room:
                raise Refused(Code.TOO_LARGE, "More came than this upload was said to have.")
            await self._take_all(body)
            is_good = self._checksum is None or self._matches()
            if not is_good:
                raise WrongChecksum
        except Refused as refused:
            is_good = refused.code is Code.NO_ROOM and self._checksum is None
            raise
        except (asyncio.CancelledError, ConnectionError, UploadInUse):
            # What has come is good, but where a checksum over all of it was to tell.
            is_good = self._checksum is None
            raise
        finally:
            length = await self._end(is_good=is_good)
        return length

    async def _end(self, *, is_good: bool) -> int:
        if not is_good:
            await self._threads.run(self._part.undo)
            return self._part.start
        try:
            return await self._threads.run(self._part.keep)
        except InUse:
            raise UploadInUse from None

    async def _take_all(self, body: AsyncIterator[bytes]) -> None:
        self._held.reading = asyncio.current_task()
        gathered = bytearray()
        try:
            try:
                async for piece in body:
                    self._room -= len(piece)
                    if self._room < 0:
                        raise Refused(Code.TOO_LARGE, "More came than this upload was said to have.")
                    gathered += piece
                    if len(gathered) >= GATHERED_BYTES:
                        whole, gathered = gathered, bytearray()
                        await self._threads.run(self._write, bytes(whole))
            finally:
                self._held.reading = None
                if gathered and self._room >= 0:
                    await self._threads.run(self._write, bytes(gathered))
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if not self._held.is_interrupted or task is None or task.uncancel():
                raise
            raise UploadInUse from None
        except OSError as error:
            if isinstance(error, ConnectionError) or error.errno not in _NO_SPACE:
                raise
            raise Refused(Code.NO_ROOM) from None

    def _write(self, piece: bytes) -> None:
        self._part.write(piece)
        if self._digest is not None:
            self._digest.update(piece)

    def _matches(self) -> bool:
        assert self._checksum is not None
        assert self._digest is not None
        return self._digest.digest() == self._checksum.digest
