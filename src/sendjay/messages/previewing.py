"""What stands behind a message's link is put under it, some time after it was sent."""

from __future__ import annotations

from dataclasses import dataclass

from sendjay.actor import Actor
from sendjay.messages.changing import change_message, message_to_change
from sendjay.protocol.objects import Preview
from sendjay.storage.transaction import Transaction


@dataclass(frozen=True)
class PutPreview:
    """On behalf of who sent it, as long as they are in the room and the message has the link."""

    sender: str
    room_id: str
    seq: int
    preview: Preview
    is_masked: bool = False
    """In rooms about items nothing is shown that did not go through the mask."""

    def __call__(self, tx: Transaction) -> None:
        """Raises Refused(NOT_FOUND)."""
        access, message = message_to_change(tx, Actor(self.sender, ""), self.room_id, self.seq)
        if self.is_masked and access.room.kind == "item":
            return
        if self.preview.url in message.body and message.preview != self.preview:
            change_message(tx, access, message, preview=self.preview)
