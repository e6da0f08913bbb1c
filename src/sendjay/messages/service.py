"""Messages: sending, history, and who has not read."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from sys import getsizeof

import sqlalchemy as sa

from sendjay.actor import Actor
from sendjay.messages import store
from sendjay.messages.access import access_message
from sendjay.messages.carried import Attach
from sendjay.messages.deleting import Delete
from sendjay.messages.editing import Edit, Edited, Mask
from sendjay.messages.missed import Missed, missed_rows
from sendjay.messages.model import Asked, asked_with, clean_body, clean_body_of
from sendjay.messages.pinning import Pin
from sendjay.messages.previewing import PutPreview
from sendjay.messages.reacting import React, clean_emoji
from sendjay.messages.revoking import Forget, Revoke
from sendjay.messages.sending import Grown, Matters, Remark, SendBatch, SendRequest
from sendjay.messages.viewing import Viewer
from sendjay.messages.viewing_store import deleted_since
from sendjay.protocol.errors import Code, Refused
from sendjay.protocol.objects import Message, Preview
from sendjay.protocol.replies import HistoryAnswer, MessagesAnswer, ReadersAnswer, SendAnswer
from sendjay.realtime.room_pace import RoomPace
from sendjay.rooms.service import Access, access_room
from sendjay.settings import Settings
from sendjay.storage.database import Database
from sendjay.storage.transaction import Transaction
from sendjay.storage.writer import Writer

__all__ = [
    "LATEST",
    "MessagesService",
    "Missed",
    "Viewer",
    "access_message",
    "asked_with",
    "clean_body_of",
    "deleted_since",
    "missed_rows",
]

LATEST = 2**53
Said = Callable[[str, int, str, str], None]


class MessagesService:
    """What happens to messages."""

    def __init__(self, database: Database, writer: Writer, settings: Settings, pace: RoomPace) -> None:
        self._database = database
        self._pace = pace
        self._writer = writer
        self._settings = settings
        self._batch = SendBatch()

        self._forget: list[Forget] = []
        self._edited: list[Edited] = []
        self._told: list[tuple[Matters, Said]] = []

    def attach_with(self, attach: Attach) -> None:
        """How files come to be carried by a message."""
        self._batch.attach = attach

    def when_grown(self, grown: Grown) -> None:
        """Told (room, seq) when a room has come past another `GROWN_ROWS` of rows, once they are on disk."""
        self._batch.grown = grown

    def when_edited(self, hook: Edited) -> None:
        """Told in the same transaction what a message says now."""
        self._edited.append(hook)

    def when_said(self, matters: Matters, hook: Said) -> None:
        """Told (room, seq, sender, text) of texts that matter, once they are on disk."""
        self._told.append((matters, hook))

    def remark_with(self, matters: Matters, remark: Remark) -> None:
        """What else happens, in the same transaction, when something that matters is said about an item."""
        self._batch.matters, self._batch.remark = matters, remark

    def mask_with(self, mask: Mask | None) -> None:
        """What is written in rooms about items goes through it first."""
        self._batch.mask = mask

    def when_revoked(self, forget: Forget) -> None:
        """What else is kept of messages goes in the same transaction."""
        self._forget.append(forget)

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
        request = SendRequest(actor, room_id, client_id, clean_body_of(body, asked), asked)
        self._pace.check(room_id, actor.user_id)
        for matters, hook in self._told:
            if matters(request.body):
                done = partial(_tell_said, hook, request, done)
        self._writer.submit(
            self._batch, request, done, lane=room_id, person=actor.user_id, size=getsizeof(request.body)
        )

    async def send_and_wait(
        self, actor: Actor, room_id: str, client_id: str, body: str, asked: Asked | None = None
    ) -> SendAnswer:
        """The same for callers that wait."""
        request = SendRequest(actor, room_id, client_id, clean_body_of(body, asked), asked)
        self._pace.check(room_id, actor.user_id)
        answer = await self._writer.submit_and_wait(
            self._batch, request, lane=room_id, person=actor.user_id, size=getsizeof(request.body)
        )
        self.spoken(room_id, answer.seq, actor.user_id, request.body)
        return answer

    def speak(
        self, tx: Transaction, actor: Actor, room_id: str, client_id: str, body: str, asked: Asked | None
    ) -> SendAnswer:
        """The same within somebody else's transaction, which holds the room; the body is clean. Raises
        Refused. `spoken` is to be called once it is on disk.
        """
        (answer,) = self._batch(tx, [SendRequest(actor, room_id, client_id, body, asked)])
        if isinstance(answer, Refused):
            raise answer
        return answer

    def spoken(self, room_id: str, seq: int, sender: str, body: str) -> None:
        """Tell those who want to know what was said."""
        for matters, hook in self._told:
            if matters(body):
                hook(room_id, seq, sender, body)

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
            return _page(access, _viewer(actor, access).sees(connection, room_id, found))

        return await self._database.read(read)

    def newest(self, connection: sa.Connection, actor: Actor, room_id: str, limit: int) -> HistoryAnswer:
        """The last page of the timeline, for who reads other things of the room in the same moment."""
        access = access_room(connection, actor, room_id)
        found = _page_before(connection, access, LATEST, limit)
        return _page(access, _viewer(actor, access).sees(connection, room_id, found))

    async def some(self, actor: Actor, room_id: str, seqs: list[int]) -> MessagesAnswer:
        """Those of these messages that the actor may see, in ascending order."""

        def read(connection: sa.Connection) -> MessagesAnswer:
            access = access_room(connection, actor, room_id)
            found = store.load_some(connection, room_id, seqs, access.floor)
            return MessagesAnswer(
                _viewer(actor, access).sees(connection, room_id, found), access.room.version
            )

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
        change = Edit(
            actor, room_id, seq, clean_body(body), self._settings.edit_hours, self._edited, self._batch.mask
        )
        self._pace.check(room_id, actor.user_id)
        await self._writer.run(change, lane=room_id, rooms=(room_id,))
        self.spoken(room_id, seq, actor.user_id, change.body)

    async def put_preview(self, room_id: str, seq: int, sender: str, preview: Preview) -> None:
        """Raises Refused where the message has gone, or its sender."""
        await self._writer.run(
            PutPreview(sender, room_id, seq, preview, is_masked=self._batch.mask is not None),
            lane=room_id,
            rooms=(room_id,),
        )

    async def revoke(self, actor: Actor, room_id: str, seq: int) -> None:
        """Take a message of the actor's back, for all. Raises Refused."""
        change = Revoke(actor, room_id, seq, self._settings.revoke_hours, self._forget)
        await self._writer.run(change, lane=room_id, rooms=(room_id,))

    async def pin(self, actor: Actor, room_id: str, seq: int) -> None:
        """Hang a message above the talk, or take it down (0). Raises Refused."""
        await self._writer.run(Pin(actor, room_id, seq), lane=room_id, rooms=(room_id,))

    async def delete(self, actor: Actor, room_id: str, seqs: list[int]) -> None:
        """Have the actor see these messages no more. Raises Refused."""
        change = Delete(actor, room_id, tuple(dict.fromkeys(seqs)))
        await self._writer.run(change, lane=room_id, rooms=(room_id,), users=(actor.user_id,))

    async def readers(self, actor: Actor, room_id: str, seq: int) -> ReadersAnswer:
        """Who has read a message and who has not, as far as the receipts setting shows it to the actor."""
        receipts = self._settings.receipts

        def read(connection: sa.Connection) -> ReadersAnswer:
            _, message = access_message(connection, actor, room_id, seq)
            if receipts == "nobody" or (receipts == "sender" and message.sender != actor.user_id):
                raise Refused(Code.NOT_ALLOWED)
            if message.kind != "text":
                return ReadersAnswer([])
            return ReadersAnswer(*store.readers(connection, room_id, message))

        return await self._database.read(read)


def _tell_said(said: Said, request: SendRequest, done: Callable[[object], None], outcome: object) -> None:
    done(outcome)
    if isinstance(outcome, SendAnswer):
        said(request.room_id, outcome.seq, request.actor.user_id, request.body)


def _viewer(actor: Actor, access: Access) -> Viewer:
    return Viewer(actor.user_id, bool(access.member.has_deleted))


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
