"""What a message carries besides its text, judged where it is written."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa

from sendjay.actor import Actor
from sendjay.messages import store
from sendjay.messages.model import Asked
from sendjay.protocol.errors import Code, Refused
from sendjay.protocol.objects import Extra
from sendjay.rooms.service import access_room


def extra_for(connection: sa.Connection, actor: Actor, room_id: str, asked: Asked, newest: int) -> str | None:
    """The JSON that is kept with the message; None if nothing of it is left. `newest` is the seq before it.

    Raises Refused(NOT_FOUND) for an answer to what is not the actor's to see. Who is mentioned and is no
    member is left out: somebody may have gone while it was written, and the text is worth sending.
    """
    # Seqs are dense, so what lies above the floor and is not newer than the newest is there.
    if asked.reply_to and not access_room(connection, actor, room_id).floor < asked.reply_to <= newest:
        raise Refused(Code.NOT_FOUND)
    present = store.members_among(connection, room_id, asked.mentions) if asked.mentions else set()
    mentions = [each for each in asked.mentions if each in present]
    if not asked.reply_to and not mentions:
        return None
    return msgspec.json.encode(Extra(asked.reply_to, mentions)).decode()
