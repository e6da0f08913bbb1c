"""The door to a room, and what is asked again while something is written in it."""

from __future__ import annotations

from typing import Any, NamedTuple

import sqlalchemy as sa

from sendjay.actor import Actor
from sendjay.protocol.errors import Code, Refused
from sendjay.rooms import store
from sendjay.rooms.model import floor_of
from sendjay.storage.transaction import Transaction

Row = sa.Row[Any]


class Access(NamedTuple):
    """A room and the actor's membership of it, as they are now."""

    room: Row
    member: Row

    @property
    def floor(self) -> int:
        return floor_of(self.member.joined_seq, self.member.cleared_seq, self.room.retained_seq)

    def require_talk(self) -> None:
        """Raises Refused(BLOCKED) where it may be read only."""
        if self.room.blocked:
            raise Refused(Code.BLOCKED)


def access_room(connection: sa.Connection, actor: Actor, room_id: str) -> Access:
    """The only door to a room. Absent and forbidden give the same answer: Refused(NOT_FOUND)."""
    membership = store.load_member(connection, room_id, actor.user_id)
    room = store.load_room(connection, room_id)
    if membership is None or room is None or not membership.is_member:
        raise Refused(Code.NOT_FOUND)
    return Access(room, membership)


def require_session(tx: Transaction, actor: Actor) -> None:
    """Asked again while writing, so that signing out acts on what is still on its way. Raises Refused."""
    if actor.session_id and not store.session_lives(tx.connection, actor.session_id):
        raise Refused(Code.UNAUTHORIZED)
