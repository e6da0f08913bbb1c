"""What may be uploaded: how large, how much in all, how often."""

from __future__ import annotations

import time

import sqlalchemy as sa

from sendjay.actor import Actor
from sendjay.files import store
from sendjay.files.depot import Depot
from sendjay.files.threads import FileThreads
from sendjay.protocol.errors import Code, Refused
from sendjay.realtime.allowance import Allowances
from sendjay.settings import Settings
from sendjay.storage.database import Database

BEGUN_PER_SECOND = 2.0
BEGUN_AT_ONCE = 200
"""Uploads of one person; a folder of photos is dropped at once."""
KNOWN_SECONDS = 30.0
"""How long what everybody's files take is taken as known: adding it up is a walk through all of them."""


class Bounds:
    """Asked before an upload begins. Each is what the administrator has set."""

    def __init__(self, settings: Settings, database: Database, depot: Depot, threads: FileThreads) -> None:
        self._settings = settings
        self._database = database
        self._depot = depot
        self._threads = threads
        self._pace = Allowances(BEGUN_PER_SECOND, BEGUN_AT_ONCE)
        self._total = 0
        self._total_asked = float("-inf")

    def check_size(self, size: int) -> None:
        """Raises Refused(TOO_LARGE)."""
        most = self._settings.file_bytes_max
        if size > most:
            raise Refused(Code.TOO_LARGE, f"The file is too large: {_in_words(most)} at most.")

    def check_pace(self, actor: Actor) -> None:
        """Raises Refused(RATE_LIMITED)."""
        wait = self._pace.take(actor.user_id)
        if wait:
            raise Refused(Code.RATE_LIMITED, retry_after_ms=wait)

    async def check_room(self, size: int) -> None:
        """Is there room for so much more, of everybody together and on the disk? Raises Refused(NO_ROOM)."""
        free = await self._threads.run(self._depot.free)
        if free is not None and free - size < self._settings.file_bytes_free:
            raise Refused(Code.NO_ROOM)
        most = self._settings.file_bytes_total
        if not most:
            return
        if time.monotonic() - self._total_asked > KNOWN_SECONDS:
            self._total = await self._database.read(store.bytes_of_all)
            self._total_asked = time.monotonic()
        if self._total + size > most:
            raise Refused(Code.NO_ROOM)
        self._total += size

    def check_person(self, connection: sa.Connection, user: str, size: int) -> None:
        """While writing, holding the person's row. Raises Refused."""
        if store.open_uploads(connection, user) >= self._settings.uploads_per_person:
            raise Refused(Code.TOO_MANY, "Too many uploads at once. Finish or cancel some first.")
        most = self._settings.file_bytes_per_person
        if most and store.bytes_of(connection, user) + size > most:
            raise Refused(
                Code.NO_ROOM, f"There is no room for it: your files may take {_in_words(most)} together."
            )


def _in_words(size: int) -> str:
    for unit, bytes_of_it in (("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10)):
        if size >= bytes_of_it:
            return f"{size / bytes_of_it:.4g} {unit}"
    return f"{size} bytes"
