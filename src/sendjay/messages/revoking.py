"""Taking back: after the commit nobody gets the text by any path.

Who had read it is fixed under the room's lock, and told that there was a message; all others see nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sendjay.actor import Actor
from sendjay.messages import store, viewing_store
from sendjay.messages.changing import message_to_change
from sendjay.protocol.errors import Code, Refused
from sendjay.protocol.events import MessageChanged
from sendjay.protocol.objects import Message
from sendjay.realtime.deliveries import ToRoom
from sendjay.rooms.service import move_version
from sendjay.storage.transaction import Transaction

HOUR_MS = 3_600_000
Forget = Callable[[Transaction, str, int, int], None]
"""Told which rows of a room (first seq, last seq) lose what they carry."""


@dataclass(frozen=True)
class Revoke:
    """A message of the actor's is to be nobody's to read any more."""

    actor: Actor
    room_id: str
    seq: int
    hours: int
    """So long after it was sent it may be; 0: for ever."""
    forget: Sequence[Forget]

    def __call__(self, tx: Transaction) -> None:
        """Raises Refused: NOT_FOUND, NOT_ALLOWED."""
        access, message = message_to_change(tx, self.actor, self.room_id, self.seq)
        if message.sender != self.actor.user_id:
            raise Refused(Code.NOT_ALLOWED, "Only who wrote it may take it back.")
        if self.hours and tx.now - message.at > self.hours * HOUR_MS:
            raise Refused(Code.NOT_ALLOWED, "It is too old to be taken back.")
        room, seq = access.room, self.seq
        viewing_store.keep_revoke(tx, room.room_id, seq, message.sender)
        for each in self.forget:
            each(tx, room.room_id, seq, seq)
        moved = {}
        if room.last_seq == seq:
            moved["last_seq"] = viewing_store.newest_text_below(tx.connection, room.room_id, seq)
        if room.pinned_seq == seq:
            moved["pinned_seq"] = 0
        version = move_version(tx, room, **moved)
        store.change(tx, room.room_id, seq, version, {"kind": "revoked", "body": "", "extra": None})
        left = Message(seq, version, message.sender, message.at, "revoked", client_id=message.client_id)
        tx.publish(ToRoom(room.room_id, MessageChanged(room.room_id, version, left), room.members_version))
