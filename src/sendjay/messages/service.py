"""Messages: sending, history, and who has not read."""

from __future__ import annotations

from collections.abc import Callable
from sys import getsizeof

import sqlalchemy as sa

from sendjay.actor import Actor
from sendjay.messages import store
from sendjay.messages.editing import Edit
from sendjay.messages.missed import Missed, missed_rows
from sendjay.messages.model import Asked, asked_with, clean_body
from sendjay.messages.reacting import React, clean_emoji
from sendjay.messages.sending import SendBatch, SendRequest
from sendjay.protocol.errors import Code, Refused
from sendjay.protocol.objects import Message
from sendjay.protocol.replies import HistoryAnswer, MessagesAnswer, SendAnswer
from sendjay.realtime.room_pace import RoomPace
from sendjay.rooms.service import Access, access_room
from sendjay.settings import Settings
from sendjay.storage.database import Database
from sendjay.storage.writer import Writer

__all__ = ["LATEST", "MessagesService", "Missed", "access_message", "asked_with", "missed_rows"]

LATEST = 2**53


def access_message(connection: sa.Connection, actor: Actor, room_id: str, seq: int) -> tuple[Access, Message]:
    """The only door to one message. Raises Refused(NOT_FOUND), also for what lies below the actor's floor."""
    access = access_room(connection, actor, room_id)
    message = store.load_one(connection, room_id, seq) if seq > access.floor else None
    if message is None:
        raise Refused(Code.NOT_FOUND)
    return access, message


class MessagesService:
    """What happens to messages."""

    def __init__(self, database: Database, writer: Writer, settings: Settings, pace: RoomPace) -> None:
        self._database = database
        self._pace = pace
        self._writer = writer
        self._settings = settings
        self._batch = SendBatch()

    def send(
        self,
        actor: Actor,
        room_id: str,
        client_id: str,
        body: str,
        done: Callable[[object], None],
        asked: Asked | None = None,
    ) -> None:
        """Write a message; `done` gets a SendAnswer or a Refused, after the commit. Raises Refused at once
        for bad text, and where too much is being said.
        """
        request = SendRequest(actor, room_id, client_id, clean_body(body), asked)
        self._pace.check(room_id, actor.user_id)
        self._writer.submit(
            self._batch, request, done, lane=room_id, person=actor.user_id, size=getsizeof(request.body)
        )

    async def send_and_wait(
        self, actor: Actor, room_id: str, client_id: str, body: str, asked: Asked | None = None
    ) -> SendAnswer:
        """The same for callers that wait."""
        request = SendRequest(actor, room_id, client_id, clean_body(body), asked)
        self._pace.check(room_id, actor.user_id)
        return await self._writer.submit_and_wait(
            self._batch, request, lane=room_id, person=actor.user_id, size=getsizeof(request.body)
        )

    async def history(
        self,
        actor: Actor,
        room_id: str,
        *,
        before: int | None = None,
        after: int | None = None,
        around: int | None = None,
        limit: int = 50,
    ) -> HistoryAnswer:
        """One page in ascending order; at most one of before, after and around may be given."""
        if sum(each is not None for each in (before, after, around)) > 1:
            raise Refused(Code.INVALID, "Only one of before, after and around.")

        def read(connection: sa.Connection) -> HistoryAnswer:
            access = access_room(connection, actor, room_id)
            if after is not None:
                found = _page_after(connection, access, after, limit)
            elif around is not None:
                found = _page_around(connection, access, around, limit)
            else:
                found = _page_before(connection, access, LATEST if before is None else before, limit)
            return _page(access, found)

        return await self._database.read(read)

    async def some(self, actor: Actor, room_id: str, seqs: list[int]) -> MessagesAnswer:
        """Those of these messages that the actor may see, in ascending order."""

        def read(connection: sa.Connection) -> MessagesAnswer:
            access = access_room(connection, actor, room_id)
            found = store.load_some(connection, room_id, seqs, access.floor)
            return MessagesAnswer(found, access.room.version)

        return await self._database.read(read)

    async def one(self, actor: Actor, room_id: str, seq: int) -> Message:
        """A message. Raises Refused(NOT_FOUND)."""
        return await self._database.read(
            lambda connection: access_message(connection, actor, room_id, seq)[1]
        )

    async def react(self, actor: Actor, room_id: str, seq: int, emoji: str, *, on: bool) -> None:
        """Put an emoji under a message, or take the actor's away. Raises Refused."""
        change = React(actor, room_id, seq, clean_emoji(emoji), on)
        self._pace.check(room_id, actor.user_id)
        await self._writer.run(change, lane=room_id, rooms=(room_id,))

    async def edit(self, actor: Actor, room_id: str, seq: int, body: str) -> None:
        """Give a message of the actor's another text. Raises Refused."""
        change = Edit(actor, room_id, seq, clean_body(body), self._settings.edit_hours)
        self._pace.check(room_id, actor.user_id)
        await self._writer.run(change, lane=room_id, rooms=(room_id,))

    async def not_read_by(self, actor: Actor, room_id: str, seq: int) -> list[str]:
        """Who has not read a message, as far as the receipts setting shows it to the actor."""
        receipts = self._settings.receipts

        def read(connection: sa.Connection) -> list[str]:
            _, message = access_message(connection, actor, room_id, seq)
            if receipts == "nobody" or (receipts == "sender" and message.sender != actor.user_id):
                raise Refused(Code.NOT_ALLOWED)
            return [] if message.kind == "notice" else store.not_read_by(connection, room_id, message)

        return await self._database.read(read)


def _page_before(connection: sa.Connection, access: Access, before: int, limit: int) -> list[Message]:
    return store.newest_below(connection, access.room.room_id, before, access.floor, limit)


def _page_after(connection: sa.Connection, access: Access, after: int, limit: int) -> list[Message]:
    return store.oldest_above(connection, access.room.room_id, max(after, access.floor), limit)


def _page_around(connection: sa.Connection, access: Access, around: int, limit: int) -> list[Message]:
    half = max(1, limit // 2)
    return [
        *_page_before(connection, access, around, limit - half),
        *_page_after(connection, access, around - 1, half),
    ]


def _page(access: Access, found: list[Message]) -> HistoryAnswer:
    return HistoryAnswer(
        found,
        access.room.version,
        more_before=bool(found) and found[0].seq > access.floor + 1,
        more_after=bool(found) and found[-1].seq < access.room.seq,
    )
