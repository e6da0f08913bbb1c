"""Files: the door to one, and what is done with it once all of it has come."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from sendjay.actor import Actor
from sendjay.files import store
from sendjay.files.depot import Depot, Missing, Reading
from sendjay.files.folder import Folder
from sendjay.files.sweeps import FilesSweep
from sendjay.files.threads import FileThreads
from sendjay.files.uploads import Uploads
from sendjay.messages.service import access_message
from sendjay.protocol.errors import Code, Refused
from sendjay.settings import Settings
from sendjay.storage.database import Database
from sendjay.storage.writer import Writer

__all__ = ["FilesService", "access_file", "messages_go", "open_depot"]

messages_go = store.messages_go

Row = sa.Row[Any]
LOOKED_THROUGH = 50
"""Messages with the file, newest first: of more than so many that somebody could see, none is visible."""


def access_file(connection: sa.Connection, actor: Actor, file_id: str, now: int) -> Row:
    """The only door to a file: for its owner as long as no message carries it, then for whoever sees one that
    does. Absent, expired and forbidden give the same answer: Refused(NOT_FOUND).
    """
    row = store.load(connection, file_id)
    if row is None or row.state != store.READY or 0 < row.expires_at <= now:
        raise Refused(Code.NOT_FOUND)
    if not row.sent_at:
        if row.owner_id == actor.user_id:
            return row
    elif _is_seen(connection, actor, file_id):
        return row
    raise Refused(Code.NOT_FOUND)


def _is_seen(connection: sa.Connection, actor: Actor, file_id: str) -> bool:
    for room_id, seq in store.seen_in(connection, file_id, actor.user_id, LOOKED_THROUGH):
        try:
            access_message(connection, actor, room_id, seq)
        except Refused:
            continue
        return True
    return False


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
        self.uploads = Uploads(database, writer, settings, self.depot, self.threads)

    def prepare(self) -> None:
        """See to where they are kept, once. Raises OSError."""
        self.depot.prepare()

    def start(self) -> None:
        self.sweep.start(self._settings.file_sweep_seconds)

    async def stop(self) -> None:
        """Before the writer ends."""
        await self.sweep.stop()

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
