"""Uploads: begun, continued part by part after whatever break, finished or given up.

How much there is of an upload is what its depot has for good, nothing else: no number in memory or in the
database could be wrong about it after a crash.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any, NamedTuple

from sendjay.actor import Actor
from sendjay.files import kinds, store
from sendjay.files.bounds import Bounds
from sendjay.files.depot import Depot, InUse, Part
from sendjay.files.looking import remove_whole
from sendjay.files.names import clean_name
from sendjay.files.parts import Checksum, PartsAtOnce, PartWriter, UploadInUse
from sendjay.files.threads import FileThreads
from sendjay.protocol.errors import Code, Refused
from sendjay.rooms.service import require_session
from sendjay.settings import Settings
from sendjay.storage.database import Database
from sendjay.storage.ids import new_id
from sendjay.storage.transaction import Transaction
from sendjay.storage.writer import Writer

ABANDONED_MS = 24 * 3600 * 1000
"""An upload that has not been continued for so long is taken away; so is a file that was never sent."""

LookAt = Callable[[str, int, str], Awaitable[dict[str, Any]]]
RENEWED_MS = 3600 * 1000


class Upload(NamedTuple):
    """Where an upload stands."""

    file_id: str
    size: int
    offset: int
    expires_at: int
    """In milliseconds; 0 when it is finished."""

    @property
    def is_whole(self) -> bool:
        return self.offset >= self.size


class Uploads:
    """What happens to uploads. Only who began one may do anything with it."""

    def __init__(
        self,
        database: Database,
        writer: Writer,
        settings: Settings,
        depot: Depot,
        threads: FileThreads,
        look_at: LookAt,
    ) -> None:
        """`look_at`: told (id, size, media type) of what has come as a whole, gives columns of its row."""
        self._database = database
        self._writer = writer
        self._settings = settings
        self._depot = depot
        self._threads = threads
        self._at_once = PartsAtOnce()
        self._look_at = look_at
        self.bounds = Bounds(settings, database, depot, threads)

    async def begin(self, actor: Actor, name: str, size: int) -> Upload:
        """Raises Refused."""
        self.bounds.check_size(size)
        self.bounds.check_pace(actor)
        await self.bounds.check_room(size)
        file_id, cleaned = new_id(), clean_name(name)

        def write(tx: Transaction) -> int:
            require_session(tx, actor)
            self.bounds.check_person(tx.connection, actor.user_id, size)
            due_at = tx.now + ABANDONED_MS
            store.insert(
                tx,
                {
                    "file_id": file_id, "owner_id": actor.user_id, "state": store.OPEN, "name": cleaned,
                    "size": size, "created_at": tx.now, "due_at": due_at,
                },
            )  # fmt: skip
            return due_at

        due_at = await self._writer.run(write, users=(actor.user_id,))
        upload = Upload(file_id, size, 0, due_at)
        return await self._finish(actor, upload) if upload.is_whole else upload

    async def standing(self, actor: Actor, file_id: str) -> Upload:
        """Where it stands; a part of it that is on its way comes to its end first. Raises Refused."""
        upload, is_ready = await self._own(actor, file_id)
        if is_ready:
            return upload
        await self._at_once.interrupt(file_id)
        upload = upload._replace(offset=await self._threads.run(self._depot.length, file_id))
        # All of it had come, and the server did not live to see it.
        return await self._finish(actor, upload) if upload.is_whole else upload

    async def append(
        self,
        actor: Actor,
        file_id: str,
        offset: int,
        body: AsyncIterator[bytes],
        *,
        announced: int | None = None,
        checksum: Checksum | None = None,
    ) -> Upload:
        """Take a part in; what has come of one that breaks off stays. Raises Refused, UploadInUse,
        WrongChecksum.
        """
        upload, is_ready = await self._own(actor, file_id)
        if is_ready:
            # A client whose last answer was lost; another part would be beyond the end.
            if offset != upload.size or announced:
                raise Refused(Code.CONFLICT, "All of this upload has come already.")
            return upload
        with self._at_once.holding(actor.user_id, file_id) as held:
            part = await self._open_part(file_id, offset)
            writer = PartWriter(part, self._threads, held, upload.size - offset, checksum)
            length = await writer.take(body, announced)
            upload = upload._replace(offset=length)
            if upload.is_whole:
                return await self._finish(actor, upload)
        await self._check_kind_early(upload, offset)
        return await self._keep_longer(upload)

    async def cancel(self, actor: Actor, file_id: str) -> None:
        """Give it up, also when it is finished and was never sent. Raises Refused."""
        await self._own(actor, file_id)
        await self._at_once.interrupt(file_id)

        def write(tx: Transaction) -> None:
            require_session(tx, actor)
            if not store.give_up(tx, file_id):
                raise Refused(Code.NOT_FOUND)

        await self._writer.run(write)
        await self.take_away([file_id])

    async def _own(self, actor: Actor, file_id: str) -> tuple[Upload, bool]:
        row = await self._database.read(lambda connection: store.load(connection, file_id))
        if row is None or row.owner_id != actor.user_id or row.state == store.GONE or row.sent_at:
            raise Refused(Code.NOT_FOUND)
        is_ready = row.state == store.READY
        return Upload(file_id, row.size, row.size if is_ready else 0, 0 if is_ready else row.due_at), is_ready

    async def _open_part(self, file_id: str, offset: int) -> Part:
        try:
            part = await self._threads.run(self._depot.append, file_id)
        except InUse:
            # Another process of ours has it.
            raise UploadInUse from None
        if part.start != offset:
            await self._threads.run(part.undo)
            raise Refused(Code.CONFLICT, f"The upload stands at {part.start}.")
        return part

    async def _finish(self, actor: Actor, upload: Upload) -> Upload:
        head = await self._threads.run(self._depot.beginning, upload.file_id, kinds.LOOKED_AT)
        media_type = kinds.media_type_of(head)
        await self._check_kind(upload.file_id, media_type)
        try:
            await self._threads.run(self._depot.finish, upload.file_id, upload.size)
        except InUse:
            raise UploadInUse from None
        found = await self._look_at(upload.file_id, upload.size, media_type)

        def write(tx: Transaction) -> None:
            require_session(tx, actor)
            values = found | {
                "state": store.READY, "media_type": media_type, "kind": kinds.kind_of(media_type),
                "due_at": tx.now + ABANDONED_MS,
            }  # fmt: skip
            store.update(tx, upload.file_id, values, state=store.OPEN)

        await self._writer.run(write)
        return upload._replace(offset=upload.size, expires_at=0)

    async def _check_kind_early(self, upload: Upload, before: int) -> None:
        """Nobody need send two gigabytes to hear that they are not wanted."""
        if self._settings.file_types and before < kinds.LOOKED_AT <= upload.offset:
            head = await self._threads.run(self._depot.beginning, upload.file_id, kinds.LOOKED_AT)
            await self._check_kind(upload.file_id, kinds.media_type_of(head))

    async def _check_kind(self, file_id: str, media_type: str) -> None:
        if not kinds.is_allowed(media_type, self._settings.file_types):
            await self._writer.run(lambda tx: store.let_go(tx, [file_id]))
            await self.take_away([file_id])
            raise Refused(Code.WRONG_KIND)

    async def _keep_longer(self, upload: Upload) -> Upload:
        """Who goes on is not interrupted by the clean-up. Written now and then; a clock that is wrong
        writes it more often.
        """

        def write(tx: Transaction) -> int:
            due_at = tx.now + ABANDONED_MS
            store.update(tx, upload.file_id, {"due_at": due_at}, state=store.OPEN)
            return due_at

        if upload.expires_at - time.time() * 1000 > ABANDONED_MS - RENEWED_MS:
            return upload
        return upload._replace(expires_at=await self._writer.run(write))

    async def take_away(self, file_ids: Sequence[str]) -> None:
        """From the disk, and then from the database: what is broken off in between is found again."""
        for file_id in file_ids:
            await self._threads.run(remove_whole, self._depot, file_id)
        await self._writer.run(lambda tx: store.delete(tx, file_ids))
