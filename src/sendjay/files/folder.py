"""Files in a folder: of this machine, or one that several machines share."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import shutil
from collections.abc import Generator
from pathlib import Path
from types import TracebackType
from typing import Self

from sendjay.files.depot import InUse, Missing

_OPEN = os.O_CLOEXEC | os.O_NOFOLLOW


class FolderPart:
    """Locked by the kernel: the lock ends with the process, and holds between processes (and, over NFS,
    machines).
    """

    def __init__(self, path: Path) -> None:
        self._file = _open_locked(path, os.O_APPEND | os.O_CREAT)
        self.start = os.fstat(self._file).st_size

    def write(self, piece: bytes) -> None:
        view = memoryview(piece)
        while view:
            view = view[os.write(self._file, view) :]

    def keep(self) -> int:
        try:
            os.fdatasync(self._file)
            return os.fstat(self._file).st_size
        finally:
            os.close(self._file)

    def undo(self) -> None:
        try:
            os.ftruncate(self._file, self.start)
            os.fdatasync(self._file)
        finally:
            os.close(self._file)


class FolderReading:
    def __init__(self, path: Path) -> None:
        try:
            self._file = os.open(path, os.O_RDONLY | _OPEN)
        except FileNotFoundError:
            raise Missing from None
        self.size = os.fstat(self._file).st_size

    def read(self, start: int, count: int) -> bytes:
        return os.pread(self._file, count, start)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._file)


class Folder:
    """`uploads/` has what is not finished; finished files lie in folders by the end of their id, which is
    chance.
    """

    def __init__(self, folder: Path, *, for_group: bool = False) -> None:
        """`for_group`: a proxy in our group reads them too."""
        self._folder = folder
        self._folder_mode, self._file_mode = (0o750, 0o640) if for_group else (0o700, 0o600)
        self._uploads = folder / "uploads"

    def prepare(self) -> None:
        """Make the folder. Raises OSError."""
        self._folder.mkdir(mode=self._folder_mode, parents=True, exist_ok=True)
        self._uploads.mkdir(mode=0o700, exist_ok=True)

    def length(self, file_id: str) -> int:
        for path in (self._upload(file_id), self._finished(file_id)):
            with contextlib.suppress(FileNotFoundError):
                return path.stat().st_size
        return 0

    def append(self, file_id: str) -> FolderPart:
        if self._finished(file_id).exists():
            raise InUse
        return FolderPart(self._upload(file_id))

    def beginning(self, file_id: str, count: int) -> bytes:
        for path in (self._upload(file_id), self._finished(file_id)):
            with contextlib.suppress(FileNotFoundError), path.open("rb") as file:
                return file.read(count)
        return b""

    def finish(self, file_id: str, size: int) -> None:
        upload, finished = self._upload(file_id), self._finished(file_id)
        finished.parent.mkdir(mode=self._folder_mode, exist_ok=True)
        with contextlib.suppress(FileNotFoundError), _locked(upload, creates=size == 0) as opened:
            # Only now nobody else can be at it.
            if finished.exists():
                upload.unlink()
            elif os.fstat(opened).st_size == size:
                os.fchmod(opened, self._file_mode)
                os.fsync(opened)
                upload.rename(finished)
        if not finished.exists():
            raise Missing
        for folder in (finished.parent, self._uploads, self._folder):
            _sync(folder)

    def put(self, file_id: str, path: Path) -> None:
        finished = self._finished(file_id)
        finished.parent.mkdir(mode=self._folder_mode, exist_ok=True)
        coming = finished.with_name(f"{finished.name}.coming")
        shutil.copyfile(path, coming)
        coming.chmod(self._file_mode)
        coming.replace(finished)

    def open(self, file_id: str) -> FolderReading:
        return FolderReading(self._finished(file_id))

    def remove(self, file_id: str) -> None:
        for path in (self._upload(file_id), self._finished(file_id)):
            with contextlib.suppress(FileNotFoundError):
                path.unlink()

    def free(self) -> int | None:
        return shutil.disk_usage(self._folder).free

    def place(self, file_id: str) -> str | None:
        return self._finished(file_id).relative_to(self._folder).as_posix()

    def path(self, file_id: str) -> Path | None:
        return self._finished(file_id)

    def _upload(self, file_id: str) -> Path:
        return self._uploads / _safe(file_id)

    def _finished(self, file_id: str) -> Path:
        return self._folder / _safe(file_id)[-2:] / file_id


def _safe(file_id: str) -> str:
    """Ids that we made have nothing else in them; another never becomes a path."""
    if len(file_id) < 4 or not file_id.isalnum() or not file_id.isascii():
        raise OSError(errno.EINVAL, "No id of a file")
    return file_id


def _open_locked(path: Path, flags: int) -> int:
    opened = os.open(path, os.O_RDWR | flags | _OPEN, 0o600)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not _is_at(path, opened):
            # It was taken away, or finished, between our opening and locking it.
            raise BlockingIOError
    except BlockingIOError:
        os.close(opened)
        raise InUse from None
    except OSError:
        os.close(opened)
        raise
    return opened


@contextlib.contextmanager
def _locked(path: Path, *, creates: bool) -> Generator[int]:
    opened = _open_locked(path, os.O_CREAT if creates else 0)
    try:
        yield opened
    finally:
        os.close(opened)


def _is_at(path: Path, opened: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(opened))
    except FileNotFoundError:
        return False


def _sync(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
