"""Where the bytes of files lie, as the rest of this feature sees it. What is here waits for disks or
networks: it is called in threads, never on the event loop.
"""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Protocol, Self


class InUse(Exception):
    """Somebody else, perhaps another process, is writing this upload at the moment."""


class Missing(Exception):
    """There is no such file. After a restore from a backup the database may know more than the disk."""


class Unreachable(OSError):
    """What keeps the files does not answer; it may do so later."""


class Part(Protocol):
    """One stretch of an upload, being written. Nobody else can write to the upload meanwhile."""

    start: int
    """What was there before."""

    def write(self, piece: bytes) -> None: ...

    def keep(self) -> int:
        """Put what was written on disk, and let others write; how much of the upload there is now. Raises
        InUse.
        """
        ...

    def undo(self) -> None:
        """As if nothing of this part had come, and let others write."""
        ...


class Reading(Protocol):
    """A finished file, open."""

    size: int

    def read(self, start: int, count: int) -> bytes:
        """Fewer bytes only at its end. Raises OSError."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Depot(Protocol):
    """Keeps files under their ids. An upload need not be begun: it is there with its first part."""

    def prepare(self) -> None:
        """Once, before all else. Raises OSError."""
        ...

    def length(self, file_id: str) -> int:
        """How much of an upload is there for good; 0 where nothing has come."""
        ...

    def append(self, file_id: str) -> Part:
        """Raises InUse."""
        ...

    def beginning(self, file_id: str, count: int) -> bytes:
        """The first bytes of an upload, or of the finished file."""
        ...

    def finish(self, file_id: str, size: int) -> None:
        """Turn the upload into a file; it is one already where this was broken off the last time. Raises
        InUse, Missing.
        """
        ...

    def put(self, file_id: str, path: Path) -> None:
        """Keep a copy of a file of this machine under this id, in the place of what was there."""
        ...

    def open(self, file_id: str) -> Reading:
        """Raises Missing."""
        ...

    def remove(self, file_id: str) -> None:
        """Take it away, finished or not; nothing happens where it is not there."""
        ...

    def free(self) -> int | None:
        """Bytes that there is room for; None where nobody can tell."""
        ...

    def place(self, file_id: str) -> str | None:
        """Its path below the folder, for a proxy that reads the same disk; None where there is no such."""
        ...

    def path(self, file_id: str) -> Path | None:
        """Where programs on this machine can open it; None where it has to be fetched first."""
        ...
