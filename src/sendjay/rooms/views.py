"""From rows to what travels: rooms, memberships and what is mine, as one person sees them."""

from __future__ import annotations

from typing import Any

import msgspec
import sqlalchemy as sa
from msgspec.structs import asdict, replace

from sendjay.protocol.events import RoomChanged
from sendjay.protocol.objects import Extra, Item, Member, Message, MyRoom, Room, RoomView
from sendjay.rooms import store
from sendjay.rooms.view_store import ViewRow

Row = sa.Row[Any]
_decode_extra = msgspec.json.Decoder(Extra).decode
decode_item = msgspec.json.Decoder(Item).decode
_decode_people = msgspec.json.Decoder(list[str]).decode


def room_view(row: ViewRow) -> RoomView:
    """A row of `store.views`."""
    return RoomView(room_head(row), my_room(row))


def room_head(row: ViewRow) -> Room:
    return Room(
        id=row.room_id,
        kind=row.kind,
        seq=row.seq,
        version=row.version,
        members_version=row.members_version,
        read_version=row.read_version,
        member_count=row.member_count,
        people=_decode_people(row.people),
        created_at=row.created_at,
        name=row.name,
        master=row.master_id,
        last=_last_message(row),
        pinned=row.pinned_seq,
        item=None if row.card is None else decode_item(row.card),
        blocked=bool(row.blocked),
    )


def my_room(row: ViewRow) -> MyRoom:
    return MyRoom(
        room=row.room_id,
        floor=row.floor,
        epoch=row.epoch,
        read_seq=row.read_seq,
        unread=row.unread,
        muted=bool(row.muted),
        hidden=bool(row.hidden),
        pinned=bool(row.pinned),
        show_members=bool(row.show_members),
        own_name=row.own_name,
    )


def member(row: Row, *, with_cursor: bool) -> Member:
    return Member(
        user=row.user_id,
        joined_seq=row.joined_seq,
        read_seq=row.read_seq if with_cursor else 0,
        left=not row.is_member,
    )


def room_changed(row: Row, members: list[Member], messages: list[Message], *, floor: int = 0) -> RoomChanged:
    """The event that tells of a change made in the version that the room has now."""
    return RoomChanged(
        room=row.room_id,
        version=row.version,
        members_version=row.members_version,
        member_count=row.member_count,
        people=store.people_of(row),
        name=row.name,
        master=row.master_id,
        members=members,
        messages=messages,
        pinned=row.pinned_seq,
        item=None if row.card is None else decode_item(row.card),
        blocked=bool(row.blocked),
        floor=floor,
    )


def _last_message(row: ViewRow) -> Message | None:
    if (
        row.last_message_seq is None
        or row.last_version is None
        or row.last_sender is None
        or row.last_at is None
        or row.last_body is None
    ):
        return None
    plain = Message(
        seq=row.last_message_seq,
        version=row.last_version,
        sender=row.last_sender,
        at=row.last_at,
        body=row.last_body,
        client_id=row.last_client_id,
    )
    return plain if row.last_extra is None else with_extra(plain, row.last_extra)


def with_extra(message: Message, extra: str) -> Message:
    """The message with what it carries besides its text, which is kept as JSON."""
    return replace(message, **asdict(_decode_extra(extra)))
