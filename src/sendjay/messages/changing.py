"""A message that stands becomes another one: at the room's next version, told to everybody in the room."""

from __future__ import annotations

from typing import Any

import msgspec

from sendjay.messages import store
from sendjay.protocol.events import MessageChanged
from sendjay.protocol.objects import Extra, Message
from sendjay.realtime.deliveries import ToRoom
from sendjay.rooms.service import Access, move_version
from sendjay.storage.transaction import Transaction


def change_message(tx: Transaction, access: Access, message: Message, **values: Any) -> None:
    """These fields of the message have these values from now on."""
    room = access.room
    version = move_version(tx, room)
    changed = msgspec.structs.replace(message, version=version, **values)
    extra = msgspec.convert(changed, Extra, from_attributes=True)
    kept = None if extra == Extra() else msgspec.json.encode(extra).decode()
    store.change(tx, room.room_id, message.seq, version, {"body": changed.body, "extra": kept})
    tx.publish(ToRoom(room.room_id, MessageChanged(room.room_id, version, changed), room.members_version))
