"""Files in a bucket of S3 or what speaks like it, for several machines without a disk that they share.

An upload's parts are objects named by where they begin, so that any node can go on with it: how much there is
follows from the list of them. They become one object when all have come.
"""

from __future__ import annotations

import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, PreconditionError
from obstore.store import S3Store

from sendjay.files.depot import InUse, Missing, Unreachable
from sendjay.settings import Settings

OBJECT_BYTES = 8_388_608
"""Of a part that is larger, several objects are made."""
_OFFSET_DIGITS = 16


@contextmanager
def _reached() -> Generator[None]:
    try:
        yield
    except FileNotFoundError:
        raise Missing from None
    except BaseError as error:
        raise Unreachable(str(error).partition("\n")[0][:300]) from error


class BucketPart:
    """Gathered on this machine; what was answered is in the bucket."""

    def __init__(self, store: S3Store, folder: str, start: int, scratch: Path) -> None:
        self._store = store
        self._folder = folder
        self._gathered: IO[bytes] = tempfile.TemporaryFile(dir=scratch)  # noqa: SIM115 - until keep or undo
        self.start = start

    def write(self, piece: bytes) -> None:
        self._gathered.write(piece)

    def keep(self) -> int:
        """Raises InUse where another node has put another part there."""
        length = self.start
        with self._gathered as gathered, _reached():
            gathered.seek(0)
            while piece := gathered.read(OBJECT_BYTES):
                try:
                    obstore.put(self._store, _part(self._folder, length), piece, mode="create")
                except (AlreadyExistsError, PreconditionError):
                    raise InUse from None
                length += len(piece)
        return length

    def undo(self) -> None:
        self._gathered.close()


class BucketReading:
    def __init__(self, store: S3Store, path: str) -> None:
        self._store = store
        self._path = path
        with _reached():
            self.size = int(obstore.head(store, path)["size"])

    def read(self, start: int, count: int) -> bytes:
        count = min(count, self.size - start)
        if count <= 0:
            return b""
        with _reached():
            return bytes(obstore.get_range(self._store, self._path, start=start, length=count))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass


class Bucket:
    def __init__(self, settings: Settings) -> None:
        bucket, _, prefix = settings.files_s3_bucket.partition("/")
        given = {
            "endpoint": settings.files_s3_endpoint, "region": settings.files_s3_region,
            "access_key_id": settings.files_s3_key, "secret_access_key": settings.files_s3_secret,
        }  # fmt: skip
        config: Any = {name: value for name, value in given.items() if value}
        self._store = S3Store(
            bucket,
            prefix=prefix or None,
            config=config,
            client_options={"allow_http": settings.files_s3_endpoint.startswith("http://")},
            retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=20)},
        )
        self._scratch = settings.files_path / "parts"

    def prepare(self) -> None:
        """Make the folder for what is on its way. Raises OSError."""
        self._scratch.mkdir(mode=0o700, parents=True, exist_ok=True)

    def length(self, file_id: str) -> int:
        with _reached():
            parts = self._parts(file_id)
            if not parts:
                return self._finished_size(file_id) or 0
            return _end_of(parts)

    def append(self, file_id: str) -> BucketPart:
        with _reached():
            start = _end_of(self._parts(file_id))
        return BucketPart(self._store, _folder(file_id), start, self._scratch)

    def beginning(self, file_id: str, count: int) -> bytes:
        with _reached():
            parts = self._parts(file_id)
            path = parts[0][2] if parts else _finished(file_id)
            try:
                return bytes(obstore.get_range(self._store, path, start=0, length=count))
            except (FileNotFoundError, BaseError):
                # Of nothing no range can be had.
                return b""

    def finish(self, file_id: str, size: int) -> None:
        with _reached():
            parts = self._parts(file_id)
            if self._finished_size(file_id) is None:
                if _end_of(parts) != size:
                    raise Missing
                self._put_together(file_id, [path for _, _, path in parts])
            self._delete([path for _, _, path in parts])

    def put(self, file_id: str, path: Path) -> None:
        with _reached():
            obstore.put(self._store, _finished(file_id), path, chunk_size=OBJECT_BYTES, max_concurrency=4)

    def open(self, file_id: str) -> BucketReading:
        return BucketReading(self._store, _finished(file_id))

    def remove(self, file_id: str) -> None:
        with _reached():
            paths = [path for _, _, path in self._parts(file_id)]
            if self._finished_size(file_id) is not None:
                paths.append(_finished(file_id))
            self._delete(paths)

    def free(self) -> int | None:
        return None

    def place(self, file_id: str) -> str | None:
        return None

    def path(self, file_id: str) -> Path | None:
        return None

    def _parts(self, file_id: str) -> list[tuple[int, int, str]]:
        """(start, size, path) of each, in their order."""
        found = [each for batch in obstore.list(self._store, _folder(file_id)) for each in batch]
        return sorted((int(each["path"].rpartition("/")[2]), each["size"], each["path"]) for each in found)

    def _finished_size(self, file_id: str) -> int | None:
        try:
            return int(obstore.head(self._store, _finished(file_id))["size"])
        except FileNotFoundError:
            return None

    def _put_together(self, file_id: str, paths: list[str]) -> None:
        with tempfile.NamedTemporaryFile(dir=self._scratch) as whole:
            for path in paths:
                for piece in obstore.get(self._store, path).stream(min_chunk_size=1_048_576):
                    whole.write(piece)
            whole.flush()
            # It is there as a whole, or not at all.
            obstore.put(
                self._store, _finished(file_id), Path(whole.name), chunk_size=OBJECT_BYTES, max_concurrency=4
            )

    def _delete(self, paths: list[str]) -> None:
        if paths:
            obstore.delete(self._store, paths)


def _folder(file_id: str) -> str:
    return f"uploads/{file_id}"


def _part(folder: str, start: int) -> str:
    return f"{folder}/{start:0{_OFFSET_DIGITS}}"


def _finished(file_id: str) -> str:
    return f"files/{file_id}"


def _end_of(parts: list[tuple[int, int, str]]) -> int:
    """Up to where they follow each other without a hole."""
    end = 0
    for start, size, _ in parts:
        if start != end:
            break
        end += size
    return end
