"""Drafts: one for each person and room, the same on all of that person's devices."""

from __future__ import annotations

import sqlalchemy as sa

from sendjay.actor import Actor
from sendjay.drafts import store
from sendjay.drafts.model import check_text
from sendjay.drafts.store import DraftRow
from sendjay.protocol.errors import Code, Refused
from sendjay.protocol.events import MineChanged
from sendjay.protocol.objects import Draft
from sendjay.protocol.replies import DraftAnswer
from sendjay.realtime.deliveries import ToUsers
from sendjay.rooms.service import access_room, raise_personal, require_session
from sendjay.storage.database import Database
from sendjay.storage.transaction import Transaction
from sendjay.storage.writer import Writer

DRAFTS_MOST = 500
"""In one answer; older ones are not told."""


class DraftsService:
    def __init__(self, database: Database, writer: Writer) -> None:
        self._database = database
        self._writer = writer

    async def set(self, actor: Actor, room_id: str, text: str) -> DraftAnswer:
        """The last one who writes wins. Empty takes the draft away; the same text again changes nothing."""
        body = check_text(text)

        def write(tx: Transaction) -> DraftAnswer:
            require_session(tx, actor)
            if access_room(tx.connection, actor, room_id).member.hidden:
                # What was typed while the room was being cleared must not be waiting there later.
                raise Refused(Code.NOT_FOUND)
            held = store.load(tx.connection, actor.user_id, room_id)
            if body == (held.body if held is not None else ""):
                return DraftAnswer(held.personal_version if held is not None else 0)
            personal = raise_personal(tx, actor.user_id)
            store.put(tx, actor.user_id, room_id, body, personal)
            draft = Draft(room_id, body, tx.now)
            tx.publish(ToUsers((actor.user_id,), MineChanged(personal, drafts=[draft])))
            return DraftAnswer(personal)

        return await self._writer.run(write, lane=actor.user_id, rooms=(room_id,), users=(actor.user_id,))

    async def all(self, actor: Actor) -> list[Draft]:
        """The newest first."""
        rows = await self._database.read(
            lambda connection: store.written(connection, actor.user_id, DRAFTS_MOST)
        )
        return [_draft(row) for row in rows]


def changed_drafts(connection: sa.Connection, user: str, above: int) -> list[Draft]:
    """What changed above a version of this person's stream; those that were emptied are told to who may hold
    one still.
    """
    rows = (
        store.changed(connection, user, above, DRAFTS_MOST)
        if above
        else store.written(connection, user, DRAFTS_MOST)
    )
    return [_draft(row) for row in rows]


def drop_draft(tx: Transaction, room_id: str, person: str) -> None:
    """Who has left a room begins anew when they come back."""
    store.delete(tx, person, room_id)


def _draft(row: DraftRow) -> Draft:
    return Draft(row.room_id, row.body, row.changed_at)
