"""Deleting for oneself: the message stays for all others, and is gone on all devices of who deletes it."""

from __future__ import annotations

from dataclasses import dataclass

from sendjay.actor import Actor
from sendjay.messages import viewing_store
from sendjay.protocol.errors import Code, Refused
from sendjay.protocol.events import MineChanged
from sendjay.realtime.deliveries import ToUsers
from sendjay.rooms.service import access_room, change_mine, require_session, view_mine
from sendjay.storage.transaction import Transaction


@dataclass(frozen=True)
class Delete:
    """These messages are not to be shown to the actor any more."""

    actor: Actor
    room_id: str
    seqs: tuple[int, ...]

    def __call__(self, tx: Transaction) -> None:
        """Raises Refused: NOT_FOUND where one of them is not the actor's to see."""
        require_session(tx, self.actor)
        access = access_room(tx.connection, self.actor, self.room_id)
        if not all(access.floor < seq <= access.room.seq for seq in self.seqs):
            raise Refused(Code.NOT_FOUND)
        user = self.actor.user_id
        personal = change_mine(tx, user, self.room_id, has_deleted=1)
        viewing_store.keep_deleted(tx, user, self.room_id, self.seqs, personal)
        mine = view_mine(tx.connection, user, self.room_id)
        event = MineChanged(personal, [mine] if mine else [], deleted={self.room_id: sorted(self.seqs)})
        tx.publish(ToUsers((user,), event))
