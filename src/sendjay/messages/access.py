"""The only door to one message."""

from __future__ import annotations

import sqlalchemy as sa

from sendjay.actor import Actor
from sendjay.messages import store
from sendjay.messages.viewing import Viewer
from sendjay.protocol.errors import Code, Refused
from sendjay.protocol.objects import Message
from sendjay.rooms.service import Access, access_room


def access_message(connection: sa.Connection, actor: Actor, room_id: str, seq: int) -> tuple[Access, Message]:
    """Raises Refused(NOT_FOUND), also for what the actor may not see (any more)."""
    access = access_room(connection, actor, room_id)
    message = as_seen(connection, actor, access, seq)
    if message is None:
        raise Refused(Code.NOT_FOUND)
    return access, message


def as_seen(connection: sa.Connection, actor: Actor, access: Access, seq: int) -> Message | None:
    """None for what is below the actor's floor, not there, or gone for them."""
    if seq <= access.floor:
        return None
    rows = store.load_some(connection, access.room.room_id, [seq], access.floor)
    seen = Viewer(actor.user_id, bool(access.member.has_deleted)).sees(connection, access.room.room_id, rows)
    return seen[0] if seen and not seen[0].gone else None
