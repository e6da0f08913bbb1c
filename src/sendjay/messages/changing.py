"""A message that stands becomes another one: at the room's next version, told to everybody in the room."""

from __future__ import annotations

from typing import Any

import msgspec

from sendjay.actor import Actor
from sendjay.messages import store
from sendjay.messages.access import as_seen
from sendjay.protocol.errors import Code, Refused
from sendjay.protocol.events import MessageChanged
from sendjay.protocol.objects import Extra, Message
from sendjay.realtime.deliveries import ToRoom
from sendjay.rooms.service import Access, access_room, move_version, require_session
from sendjay.storage.transaction import Transaction


def message_to_change(tx: Transaction, actor: Actor, room_id: str, seq: int) -> tuple[Access, Message]:
    """Asked under the room's lock. Raises Refused: UNAUTHORIZED, and NOT_FOUND also for what is
    no text (any more).
    """
    require_session(tx, actor)
    access = access_room(tx.connection, actor, room_id)
    message = as_seen(tx.connection, actor, access, seq)
    if message is None or message.kind != "text":
        raise Refused(Code.NOT_FOUND)
    return access, message


def change_message(tx: Transaction, access: Access, message: Message, **values: Any) -> None:
    """These fields of the message have these values from now on."""
    room = access.room
    version = move_version(tx, room)
    changed = msgspec.structs.replace(message, version=version, **values)
    extra = msgspec.convert(changed, Extra, from_attributes=True)
    kept = None if extra == Extra() else msgspec.json.encode(extra).decode()
    store.change(tx, room.room_id, message.seq, version, {"body": changed.body, "extra": kept})
    tx.publish(ToRoom(room.room_id, MessageChanged(room.room_id, version, changed), room.members_version))
