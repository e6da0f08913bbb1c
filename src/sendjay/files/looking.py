"""What is found out about a file before it can be sent: its measures, and a small picture of it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sendjay.files import kinds
from sendjay.files.depot import Depot
from sendjay.files.threads import FileThreads
from sendjay.media.location import remove_location
from sendjay.media.studio import Studio, Task

FETCHED_MOST = 100_000_000
"""From a bucket, no larger file is fetched to be looked at."""


def thumb_of(file_id: str) -> str:
    """Under which id the small picture of a file is kept."""
    # What comes last says in which folder: it stays the chance of the id.
    return f"thumb{file_id}"


def remove_whole(depot: Depot, file_id: str) -> None:
    """A file, and its small picture."""
    depot.remove(thumb_of(file_id))
    depot.remove(file_id)


@asynccontextmanager
async def scratch_folder(threads: FileThreads) -> AsyncGenerator[Path]:
    """For what is on its way; gone afterwards."""
    folder = Path(await threads.run(tempfile.mkdtemp, prefix="sendjay-"))
    try:
        yield folder
    finally:
        await threads.run(shutil.rmtree, folder, ignore_errors=True)


class Looking:
    """Looks at finished uploads, and at nothing that is not a picture or a video."""

    def __init__(self, depot: Depot, threads: FileThreads, studio: Studio, *, place: bool) -> None:
        """`place`: where a picture was made may stay in it."""
        self._depot = depot
        self._threads = threads
        self._studio = studio
        self._keeps_place = place

    async def look_at(self, file_id: str, size: int, media_type: str) -> dict[str, Any]:
        """Columns of the file's row; none where nothing can be said: it is a file all the same."""
        kind = kinds.kind_of(media_type)
        if kind == "file":
            return {}
        async with scratch_folder(self._threads) as folder:
            path = await self._threads.run(self._come_by, file_id, size, folder)
            if path is None:
                return {}
            if kind in ("image", "video") and not self._keeps_place:
                await self._threads.run(self._take_place_out, file_id, path, media_type)
            task: Task = "video" if kind == "video" else "picture"
            target = folder / "thumb"
            found = await self._studio.do(task, str(path), str(target))
            if found is None:
                return {}
            await self._threads.run(self._depot.put, thumb_of(file_id), target)
        return {
            "width": found["width"], "height": found["height"],
            "seconds": found.get("seconds", 0), "thumb": 1,
        }  # fmt: skip

    def _come_by(self, file_id: str, size: int, folder: Path) -> Path | None:
        path = self._depot.path(file_id)
        if path is not None:
            return path
        if size > FETCHED_MOST:
            return None
        fetched = folder / "file"
        with self._depot.open(file_id) as reading, fetched.open("wb") as file:
            at = 0
            while piece := reading.read(at, 1_048_576):
                file.write(piece)
                at += len(piece)
        return fetched

    def _take_place_out(self, file_id: str, path: Path, media_type: str) -> None:
        with path.open("r+b") as file:
            changed = remove_location(file, media_type)
        if changed and self._depot.path(file_id) is None:
            self._depot.put(file_id, path)
