"""What happens for the safety of people who do not know each other: blocks, reports, warnings."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa
import structlog
from msgspec import Struct

from sendjay.actor import Actor
from sendjay.messages.service import MessagesService
from sendjay.protocol.errors import Code, Refused
from sendjay.protocol.objects import Item, Message
from sendjay.protocol.replies import BlockedAnswer
from sendjay.rooms.service import (
    RoomChange,
    access_room,
    decode_item,
    load_room,
    require_session,
    rooms_of_pair,
)
from sendjay.safety import model, store
from sendjay.settings import Settings
from sendjay.storage.database import Database
from sendjay.storage.ids import new_id
from sendjay.storage.locks import Rows
from sendjay.storage.transaction import Transaction
from sendjay.storage.writer import Writer

__all__ = ["Report", "SafetyService", "are_blocked", "blocked_among"]

log = structlog.get_logger(__name__)
are_blocked = store.are_blocked
blocked_among = store.blocked_among
HOUR_MS = 3_600_000


class Report(Struct, frozen=True):
    """What somebody has told the administrator."""

    id: str
    at: int
    """Milliseconds since 1970 UTC."""
    reporter: str
    reported: str
    room: str
    reason: str
    text: str
    item: Item | None
    messages: list[Message]
    """The last ones, as they stood, ascending."""


class SafetyService:
    def __init__(
        self, database: Database, writer: Writer, settings: Settings, messages: MessagesService
    ) -> None:
        self._database = database
        self._writer = writer
        self._settings = settings
        self._messages = messages
        messages.mask_with(model.hide_phones if settings.item_hide_phones else None)
        if settings.item_warning and settings.item_warning_words:
            messages.remark_with(model.warns_of(settings.item_warning_words), self._warn)

    # Blocks

    async def block(self, actor: Actor, person: str, *, on: bool) -> None:
        """Neither can write to the other in rooms of two, or can again once neither blocks the other. Raises
        Refused(NOT_FOUND) for somebody whom no item has brought together with the actor.
        """

        def write(tx: Transaction) -> None:
            require_session(tx, actor)
            if person == actor.user_id or not store.share_an_item(tx.connection, actor.user_id, person):
                raise Refused(Code.NOT_FOUND)
            if on:
                self._require_few(tx.connection, actor)
                store.put_block(tx, actor.user_id, person)
            else:
                store.drop_block(tx, actor.user_id, person)
            _mark_rooms(tx, actor.user_id, person)

        # Whoever of the two begins a new room meanwhile waits for the same people's rows.
        await self._writer.run(write, lane=actor.user_id, users=(actor.user_id, person))

    def _require_few(self, connection: sa.Connection, actor: Actor) -> None:
        if len(store.blocked_by(connection, actor.user_id, model.BLOCKS_MOST)) >= model.BLOCKS_MOST:
            raise Refused(Code.TOO_MANY)

    async def blocked(self, actor: Actor) -> BlockedAnswer:
        people = await self._database.read(
            lambda connection: store.blocked_by(connection, actor.user_id, model.BLOCKS_MOST)
        )
        return BlockedAnswer(people)

    # Reports

    async def report(self, actor: Actor, room_id: str, reason: str, text: str) -> None:
        """Tell the administrator, with the last messages as the actor sees them. Raises Refused."""
        history = await self._messages.history(actor, room_id, limit=model.MESSAGES_REPORTED)
        said = msgspec.json.encode([each for each in history.messages if not each.gone])

        def write(tx: Transaction) -> None:
            require_session(tx, actor)
            room = access_room(tx.connection, actor, room_id).room
            if room.kind != "item":
                raise Refused(Code.NOT_ALLOWED, "Please talk to your administrator about this.")
            if store.reported_since(tx.connection, actor.user_id, tx.now - HOUR_MS) >= model.REPORTS_PER_HOUR:
                raise Refused(Code.RATE_LIMITED, retry_after_ms=HOUR_MS // model.REPORTS_PER_HOUR)
            people: list[str] = msgspec.json.decode(room.people, type=list[str])
            (reported,) = (each for each in people if each != actor.user_id)
            row = {
                "report_id": new_id(), "room_id": room_id, "reporter_id": actor.user_id,
                "reported_id": reported, "reason": reason, "note": text.strip(), "item": room.card,
                "messages": said, "reported_at": tx.now,
            }  # fmt: skip
            store.insert_report(tx, row)

        await self._writer.run(write, lane=room_id, rooms=(room_id,))
        log.warning("safety.reported", room=room_id, reason=reason)

    async def reports(self, actor: Actor, before: str, limit: int) -> list[Report]:
        """For administrators alone. Raises Refused(NOT_FOUND)."""
        if actor.kind != "admin":
            raise Refused(Code.NOT_FOUND)
        return await self.all_reports(before, limit)

    async def all_reports(self, before: str, limit: int) -> list[Report]:
        rows = await self._database.read(lambda connection: store.load_reports(connection, before, limit))
        return [
            Report(
                id=row.report_id,
                at=row.reported_at,
                reporter=row.reporter_id,
                reported=row.reported_id,
                room=row.room_id,
                reason=row.reason,
                text=row.note,
                item=None if row.item is None else decode_item(row.item),
                messages=msgspec.json.decode(bytes(row.messages), type=list[Message]),
            )
            for row in rows
        ]

    # Warnings

    def _warn(self, tx: Transaction, room_id: str, sender: str) -> None:
        room = load_room(tx.connection, room_id)
        if room is not None and store.take_warning(tx, room_id):
            change = RoomChange(tx, room)
            change.notice("warning", sender, name=self._settings.item_warning)
            change.finish()


def _mark_rooms(tx: Transaction, one: str, other: str) -> None:
    """All rooms of the two say whether anything can be said in them."""
    blocked = int(store.are_blocked(tx.connection, one, other))
    tx.lock(Rows(rooms=tuple(room.room_id for room in rooms_of_pair(tx.connection, one, other))))
    for room in rooms_of_pair(tx.connection, one, other):
        if room.blocked == blocked:
            continue
        change = RoomChange(tx, room)
        change.set(blocked=blocked)
        change.finish()
