"""Hanging a message above the talk, where all see it; one at a time."""

from __future__ import annotations

from dataclasses import dataclass

from sendjay.actor import Actor
from sendjay.messages.changing import message_to_change
from sendjay.rooms.service import access_room, hang, require_session
from sendjay.storage.transaction import Transaction


@dataclass(frozen=True)
class Pin:
    """Any member may; seq 0 takes down what hangs there."""

    actor: Actor
    room_id: str
    seq: int

    def __call__(self, tx: Transaction) -> None:
        """Raises Refused(NOT_FOUND)."""
        if self.seq:
            access, _ = message_to_change(tx, self.actor, self.room_id, self.seq)
        else:
            require_session(tx, self.actor)
            access = access_room(tx.connection, self.actor, self.room_id)
        access.require_talk()
        hang(tx, access.room, self.actor.user_id, self.seq)
