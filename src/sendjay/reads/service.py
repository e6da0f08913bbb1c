"""Read cursors: one per member, and all that follows from them."""

from __future__ import annotations

from collections.abc import Callable

from sendjay.actor import Actor
from sendjay.protocol.replies import CursorAnswer
from sendjay.reads.marking import MarkBatch, MarkRequest
from sendjay.settings import Settings
from sendjay.storage.database import Database
from sendjay.storage.writer import Writer


class ReadsService:
    """Moves cursors. Unread numbers are counted by the rooms' one function."""

    def __init__(self, database: Database, writer: Writer, settings: Settings) -> None:
        self._writer = writer
        self._batch = MarkBatch(told=settings.receipts == "all")

    def mark(self, actor: Actor, room_id: str, seq: int, done: Callable[[object], None]) -> None:
        """The actor has seen everything up to `seq`; `done` gets a CursorAnswer or a Refused after the
        commit.
        """
        request = MarkRequest(actor, room_id, seq)
        self._writer.submit(self._batch, request, done, lane=room_id, person=actor.user_id)

    async def mark_and_wait(self, actor: Actor, room_id: str, seq: int) -> CursorAnswer:
        """The same for callers that wait."""
        request = MarkRequest(actor, room_id, seq)
        return await self._writer.submit_and_wait(self._batch, request, lane=room_id, person=actor.user_id)
