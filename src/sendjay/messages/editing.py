"""Editing: the sender writes a message anew, for as long as the house allows. What it said is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec

from sendjay.actor import Actor
from sendjay.messages import store
from sendjay.messages.changing import change_message, message_to_change
from sendjay.protocol.errors import Code, Refused
from sendjay.protocol.objects import Message
from sendjay.storage.transaction import Transaction

HOUR_MS = 3_600_000
Mask = Callable[[str], str]
"""What a text says in a room about an item."""
Edited = Callable[[Transaction, str, Message], None]
"""Told (room, message as it is now) in the same transaction."""


@dataclass(frozen=True)
class Edit:
    """Another text for a message of the actor's; the body is clean."""

    actor: Actor
    room_id: str
    seq: int
    body: str
    hours: int
    """So long after it was sent it may be; 0: for ever."""
    edited: Sequence[Edited]
    mask: Mask | None = None

    def __call__(self, tx: Transaction) -> None:
        """Raises Refused: NOT_FOUND, NOT_ALLOWED."""
        access, message = message_to_change(tx, self.actor, self.room_id, self.seq)
        if message.sender != self.actor.user_id:
            raise Refused(Code.NOT_ALLOWED, "Only who wrote it may change it.")
        if self.hours and tx.now - message.at > self.hours * HOUR_MS:
            raise Refused(Code.NOT_ALLOWED, "It is too old to be changed.")
        access.require_talk()
        body = self.body if self.mask is None or access.room.kind != "item" else self.mask(self.body)
        if message.body != body:
            store.keep_edited(tx, self.room_id, message)
            preview = message.preview
            if preview is not None and preview.url not in body:
                preview = None
            change_message(tx, access, message, body=body, edited_at=tx.now, preview=preview)
            for each in self.edited:
                each(tx, self.room_id, msgspec.structs.replace(message, body=body))
