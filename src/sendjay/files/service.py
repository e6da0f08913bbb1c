"""Files: the door to one, and what is done with it once all of it has come."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from sendjay.actor import Actor
from sendjay.files import store
from sendjay.files.access import access_file
from sendjay.files.attaching import Attaching
from sendjay.files.depot import Depot, Missing, Reading
from sendjay.files.folder import Folder
from sendjay.files.looking import Looking, scratch_folder
from sendjay.files.sweeps import FilesSweep
from sendjay.files.threads import FileThreads
from sendjay.files.uploads import Uploads
from sendjay.media.studio import Studio, Task
from sendjay.protocol.errors import Code, Refused
from sendjay.settings import Settings
from sendjay.storage.database import Database
from sendjay.storage.writer import Writer

__all__ = ["Attaching", "FilesService", "access_file", "messages_go", "open_depot"]

messages_go = store.messages_go

Row = sa.Row[Any]


def open_depot(settings: Settings) -> Depot:
    """Where this installation keeps its files."""
    if settings.files_s3_bucket:
        # Only here: the client takes memory that others need not have.
        from sendjay.files.bucket import Bucket

        return Bucket(settings)
    return Folder(settings.files_path, for_group=bool(settings.file_accel))


class FilesService:
    """What happens to files."""

    def __init__(self, database: Database, writer: Writer, settings: Settings) -> None:
        self._database = database
        self._settings = settings
        self.depot = open_depot(settings)
        self.threads = FileThreads()
        self.sweep = FilesSweep(database, writer, self.depot, self.threads)
        self.studio = Studio()
        looking = Looking(self.depot, self.threads, self.studio, place=not settings.strip_location)
        self.uploads = Uploads(database, writer, settings, self.depot, self.threads, looking.look_at)

    def prepare(self) -> None:
        """See to where they are kept, once. Raises OSError."""
        self.depot.prepare()

    def start(self) -> None:
        self.sweep.start(self._settings.file_sweep_seconds)

    async def stop(self) -> None:
        """Before the writer ends."""
        await self.sweep.stop()
        await self.studio.stop()

    def close(self) -> None:
        self.threads.close()

    async def get(self, actor: Actor, file_id: str) -> Row:
        """A file that the actor may see. Raises Refused(NOT_FOUND)."""
        return await self._database.read(
            lambda connection: access_file(connection, actor, file_id, self._database.clock(connection))
        )

    async def open(self, file_id: str) -> Reading:
        """Raises Refused(NOT_FOUND) where a restored database knows more than the disk."""
        try:
            return await self.threads.run(self.depot.open, file_id)
        except Missing:
            raise Refused(Code.NOT_FOUND) from None

    async def read_whole(self, file_id: str) -> bytes:
        """A small one. Raises Refused(NOT_FOUND)."""

        def read() -> bytes:
            with self.depot.open(file_id) as reading:
                return reading.read(0, reading.size)

        try:
            return await self.threads.run(read)
        except Missing:
            raise Refused(Code.NOT_FOUND) from None

    async def make_photo(self, image: bytes) -> bytes | None:
        """A small square photo of an image; None where it is none."""
        return await self._made("photo", image)

    async def make_small(self, image: bytes) -> bytes | None:
        """A small picture of an image for a card; None where it is none, or hardly more than a dot."""
        return await self._made("card", image)

    async def _made(self, task: Task, image: bytes) -> bytes | None:
        async with scratch_folder(self.threads) as folder:
            source, target = folder / "source", folder / "target"
            await self.threads.run(source.write_bytes, image)
            if await self.studio.do(task, str(source), str(target)) is None:
                return None
            return await self.threads.run(target.read_bytes)
