"""Changes that a room tells of in its own timeline: who came, who went, what it is called now.

Each change raises the room's version by one, writes its notices, and publishes one event after the commit.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from sendjay.protocol.objects import Deal, Member, Message, Notice, NoticeType
from sendjay.realtime.deliveries import ToRoom
from sendjay.rooms import store
from sendjay.rooms.model import NOTICE_PEOPLE, PEOPLE_SHOWN, set_key
from sendjay.rooms.views import room_changed
from sendjay.storage.transaction import Transaction

Row = sa.Row[Any]


class RoomChange:
    """One change of a room, from the row as it was to the event that tells of it."""

    def __init__(self, tx: Transaction, room: Row) -> None:
        self._tx = tx
        self._room = room
        self.version: int = room.version + 1
        self._seq: int = room.seq
        self.at = max(tx.now, room.touched_at)
        self._notices: list[Message] = []
        self._values: dict[str, Any] = {}

    def set(self, **values: Any) -> None:
        """Columns of the room that this change sets."""
        self._values |= values

    def notice(
        self,
        kind: NoticeType,
        sender: str,
        people: Sequence[str] = (),
        name: str | None = None,
        deal: Deal | None = None,
    ) -> None:
        """Tell of it in the timeline."""
        self._seq += 1
        shown = list(people[:NOTICE_PEOPLE])
        told = Notice(type=kind, people=shown, more=len(people) - len(shown), name=name, deal=deal)
        body = msgspec.json.encode(told).decode()
        store.insert_notice(self._tx, self._room.room_id, self._seq, self.version, sender, self.at, body)
        self._notices.append(
            Message(
                seq=self._seq, version=self.version, sender=sender, at=self.at, kind="notice", notice=told
            )
        )

    def finish(self) -> None:
        """Write the room and publish, where the members stayed the same."""
        self._write({})
        room = store.load_room(self._tx.connection, self._room.room_id)
        assert room is not None
        self._tx.publish(ToRoom(room.room_id, room_changed(room, [], self._notices), room.members_version))

    def finish_members(self, changed: Sequence[str]) -> Row:
        """Write the room and publish, where these people came or went; the room's row as it is now."""
        rows = store.load_members(self._tx.connection, self._room.room_id)
        people = tuple(row.user_id for row in rows)
        self._write(
            {
                "members_version": self.version,
                "members_at": self.at,
                "member_count": len(people),
                "people": json.dumps(people[:PEOPLE_SHOWN]),
            }
        )
        store.move_set(self._tx, self._room.room_id, set_key(self._room.kind, self._room.item_id, people))
        room = store.load_room(self._tx.connection, self._room.room_id)
        assert room is not None
        current = {row.user_id: row for row in rows}
        told = [
            Member(user, current[user].joined_seq, current[user].joined_seq)
            if user in current
            else Member(user, 0, left=True)
            for user in changed
        ]
        event = room_changed(room, told, self._notices)
        self._tx.publish(ToRoom(room.room_id, event, room.members_version, people))
        return room

    def _write(self, values: dict[str, Any]) -> None:
        values = {"seq": self._seq, "version": self.version, "touched_at": self.at} | self._values | values
        store.update_room(self._tx, self._room.room_id, values)
