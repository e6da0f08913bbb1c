"""What a message carries besides its text, judged where it is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import msgspec

from sendjay.actor import Actor
from sendjay.messages import store
from sendjay.messages.access import access_message
from sendjay.messages.model import Asked
from sendjay.protocol.errors import Code, Refused
from sendjay.protocol.objects import Extra, FileInfo
from sendjay.rooms.service import access_room
from sendjay.storage.transaction import Transaction

Attach = Callable[[Transaction, Actor, str, int, Sequence[str]], list[FileInfo]]
"""Has a message (room, seq) carry files that the actor may send. Raises Refused(NOT_FOUND) before anything is
written.
"""


class Carried(NamedTuple):
    """A message as it is to be written."""

    body: str
    extra: str | None
    """JSON; None if nothing goes with the text."""


def carry(
    tx: Transaction, actor: Actor, place: tuple[str, int], body: str, asked: Asked, attach: Attach
) -> Carried:
    """What is to be written at a place (room, seq). Raises Refused(NOT_FOUND) for an answer to what is not
    the actor's to see, and for files and originals that are not. Who is mentioned and is no member is left
    out: somebody may have gone while it was written, and the text is worth sending.
    """
    room_id, seq = place
    if asked.original is not None:
        return _passed_on(tx, actor, place, asked.original, attach)
    # Seqs are dense, so what lies above the floor and is not newer than the newest is there.
    if asked.reply_to and not access_room(tx.connection, actor, room_id).floor < asked.reply_to < seq:
        raise Refused(Code.NOT_FOUND)
    present = store.members_among(tx.connection, room_id, asked.mentions) if asked.mentions else set[str]()
    mentions = [each for each in asked.mentions if each in present]
    files = attach(tx, actor, room_id, seq, asked.files) if asked.files else []
    if not asked.reply_to and not mentions and not files:
        return Carried(body, None)
    return _kept(body, Extra(asked.reply_to, mentions, files))


def _passed_on(
    tx: Transaction, actor: Actor, place: tuple[str, int], original: tuple[str, int], attach: Attach
) -> Carried:
    """The files go as links to the same files: whoever sees the new message sees them."""
    _, message = access_message(tx.connection, actor, *original)
    if message.kind != "text":
        raise Refused(Code.NOT_FOUND)
    wanted = [each.id for each in message.files if not 0 < each.expires_at <= tx.now]
    if not wanted and not message.body:
        raise Refused(Code.NOT_FOUND)
    files = attach(tx, actor, *place, wanted) if wanted else []
    return _kept(message.body, Extra(files=files, forwarded=True, preview=message.preview))


def mask_extra(extra: str, mask: Callable[[str], str]) -> str:
    """What stands beside a text is masked like the text; what a page says of itself is left out."""
    held = msgspec.json.decode(extra, type=Extra)
    files = [msgspec.structs.replace(each, name=mask(each.name)) for each in held.files]
    return msgspec.json.encode(msgspec.structs.replace(held, files=files, preview=None)).decode()


def _kept(body: str, extra: Extra) -> Carried:
    return Carried(body, msgspec.json.encode(extra).decode())
