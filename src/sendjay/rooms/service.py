"""Rooms as their members see them: the doors to a room, lists, and what is mine alone.

Who comes and goes is in membership.py.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa

from sendjay.actor import Actor
from sendjay.protocol.errors import Code, Refused
from sendjay.protocol.events import MineChanged
from sendjay.protocol.objects import Member, MyRoom, RoomView
from sendjay.protocol.replies import OpenAnswer, RoomAnswer, RoomsAnswer
from sendjay.realtime.deliveries import ToUsers
from sendjay.rooms import store, view_store
from sendjay.rooms.access import Access, access_room, require_session
from sendjay.rooms.beginning import About, find_room, make_room, room_of_set, show_again
from sendjay.rooms.meeting_store import met_among, met_by, once_met_among
from sendjay.rooms.model import clean_name
from sendjay.rooms.store import PersonalRow, StandRow, TouchedRow, find_request, load_room, rooms_of_pair
from sendjay.rooms.timeline import RoomChange
from sendjay.rooms.view_store import STANDING, PositionRow, Standing, ViewRow, unread_of
from sendjay.rooms.views import decode_item, member, my_room, room_head, room_view, with_extra
from sendjay.settings import Settings
from sendjay.storage.database import Database
from sendjay.storage.transaction import Transaction
from sendjay.storage.writer import Writer

__all__ = [
    "STANDING", "About", "Access", "PersonalRow", "PositionRow", "RoomChange", "RoomsReader", "RoomsService",
    "StandRow", "Standing", "TouchedRow", "ViewRow", "access_room", "change_mine", "decode_item",
    "find_request", "find_room", "hang", "load_room", "make_room", "met_among", "met_by", "move_version",
    "news_of", "once_met_among", "raise_personal", "require_session", "reveal_hidden", "room_of_set",
    "rooms_of_pair", "show_again", "unread_now", "unread_of", "view_mine", "view_room", "view_rooms",
    "with_extra",
]  # fmt: skip

Row = sa.Row[Any]


def move_version(tx: Transaction, room: Row, **values: Any) -> int:
    """The room's next version, for a change of a message that stands; `values`: columns that go with it."""
    version: int = room.version + 1
    # Touched: nodes that hear of nothing else look for rooms by it.
    moved = {"version": version, "changes_version": version, "touched_at": max(tx.now, room.touched_at)}
    store.update_room(tx, room.room_id, moved | values)
    return version


def hang(tx: Transaction, room: Row, by: str, seq: int) -> None:
    """A message of the room hangs above the talk from now on; 0: none does."""
    if room.pinned_seq == seq:
        return
    change = RoomChange(tx, room)
    change.set(pinned_seq=seq)
    change.notice("pinned" if seq else "unpinned", by)
    change.finish()


class RoomsService:
    """Reading rooms and changing what is mine in them."""

    def __init__(self, database: Database, writer: Writer, settings: Settings) -> None:
        self._database = database
        self._writer = writer
        self._settings = settings

    async def list_rooms(self, actor: Actor) -> RoomsAnswer:
        def read(connection: sa.Connection) -> RoomsAnswer:
            personal = view_store.personal_version(connection, actor.user_id)
            rows = view_store.views(connection, actor.user_id)
            return RoomsAnswer(personal, [room_view(row) for row in rows])

        return await self._database.read(read)

    async def get_room(self, actor: Actor, room_id: str) -> RoomAnswer:
        return await self._database.read(lambda connection: RoomAnswer(view_room(connection, actor, room_id)))

    async def open_room(self, actor: Actor, room_id: str) -> OpenAnswer:
        """The room with its members and their cursors, read together."""

        def read(connection: sa.Connection) -> OpenAnswer:
            view = view_room(connection, actor, room_id)
            return OpenAnswer(view, self._members(connection, actor, room_id))

        return await self._database.read(read)

    async def members_of(self, room_id: str) -> tuple[int, tuple[str, ...]]:
        """(members_version, members) for the hub."""
        return await self._database.read(lambda connection: store.member_ids(connection, room_id))

    async def unread(self, actor: Actor, room_ids: Sequence[str]) -> dict[str, int]:
        """Unread numbers of those rooms that are mine; the others are left out."""
        return await self._database.read(
            lambda connection: view_store.unread_of(connection, actor.user_id, room_ids)
        )

    async def rename(self, actor: Actor, room_id: str, name: str | None, scope: str) -> RoomAnswer:
        """For all (the master's right), or for me."""
        cleaned = clean_name(name)
        if scope == "me":
            return await self._change_mine(actor, room_id, {"own_name": cleaned})

        def write(tx: Transaction) -> RoomAnswer:
            require_session(tx, actor)
            access = access_room(tx.connection, actor, room_id)
            if access.room.master_id != actor.user_id:
                raise Refused(Code.NOT_ALLOWED, "Only the room's master may rename it for everybody.")
            if access.room.name != cleaned:
                change = RoomChange(tx, access.room)
                change.set(name=cleaned)
                change.notice("renamed", actor.user_id, name=cleaned)
                change.finish()
            return RoomAnswer(view_room(tx.connection, actor, room_id))

        return await self._writer.run(write, lane=room_id, rooms=(room_id,))

    async def set_preferences(
        self,
        actor: Actor,
        room_id: str,
        *,
        muted: bool | None,
        pinned: bool | None,
        show_members: bool | None,
    ) -> RoomAnswer:
        wanted = {"muted": muted, "pinned": pinned, "show_members": show_members}
        values = {name: int(value) for name, value in wanted.items() if value is not None}
        return await self._change_mine(actor, room_id, values)

    async def clear(self, actor: Actor, room_id: str) -> RoomAnswer:
        """What was said until now is not the actor's to see any more; all others keep it."""
        return await self._change_mine(actor, room_id, lambda access: {"cleared_seq": access.room.seq})

    async def _change_mine(
        self, actor: Actor, room_id: str, wanted: dict[str, Any] | Callable[[Access], dict[str, Any]]
    ) -> RoomAnswer:
        def write(tx: Transaction) -> RoomAnswer:
            require_session(tx, actor)
            access = access_room(tx.connection, actor, room_id)
            values = wanted(access) if callable(wanted) else wanted
            if not values:
                return RoomAnswer(view_room(tx.connection, actor, room_id))
            personal = change_mine(tx, actor.user_id, room_id, **values)
            view = view_room(tx.connection, actor, room_id)
            tx.publish(ToUsers((actor.user_id,), MineChanged(personal, [view.mine])))
            return RoomAnswer(view)

        return await self._writer.run(write, lane=room_id, rooms=(room_id,), users=(actor.user_id,))

    def _members(self, connection: sa.Connection, actor: Actor, room_id: str) -> list[Member]:
        shown = self._settings.receipts == "all"
        return [
            member(row, with_cursor=shown or row.user_id == actor.user_id)
            for row in store.load_members(connection, room_id)
        ]


def view_room(connection: sa.Connection, actor: Actor, room_id: str) -> RoomView:
    """The room as the actor sees it. Raises Refused(NOT_FOUND), also while it is hidden."""
    rows = view_store.views(connection, actor.user_id, [room_id])
    if not rows:
        raise Refused(Code.NOT_FOUND)
    return room_view(rows[0])


def view_rooms(connection: sa.Connection, user: str, room_ids: Sequence[str]) -> list[RoomView]:
    """Those of these rooms that are in this person's list, in the order asked for."""
    found = {row.room_id: room_view(row) for row in view_store.views(connection, user, room_ids)}
    return [found[room_id] for room_id in room_ids if room_id in found]


def view_mine(connection: sa.Connection, user: str, room_id: str) -> MyRoom | None:
    """What is this person's own in the room; None while it is hidden."""
    rows = view_store.views(connection, user, [room_id])
    return my_room(rows[0]) if rows else None


def reveal_hidden(tx: Transaction, room_id: str) -> list[str]:
    """A new message brings the room back to those who had hidden it; who they are."""
    return store.reveal_hidden(tx, room_id)


def raise_personal(tx: Transaction, user: str) -> int:
    """The next version of this person's own stream."""
    return store.raise_personal(tx, user)


def change_mine(tx: Transaction, user: str, room_id: str, **values: Any) -> int:
    """Columns of this person's membership, at the next version of their own stream, which is returned."""
    personal = store.raise_personal(tx, user)
    store.update_member(tx, room_id, user, values | {"personal_version": personal})
    return personal


def unread_now(connection: sa.Connection, user: str, room_id: str) -> int:
    """This person's unread number of one room."""
    return view_store.unread_of(connection, user, [room_id]).get(room_id, 0)


def news_of(connection: sa.Connection, user: str, since: int, most: int) -> tuple[int, list[RoomView]]:
    """What is unread in this person's rooms that are not muted; and those of them where somebody else has
    said the last word after `since` (milliseconds; 0: none), the newest first.
    """
    rows = [row for row in view_store.news(connection, user) if row.unread]
    newer = [
        (row.last_at, row.room_id)
        for row in rows
        if since and row.last_at is not None and row.last_at > since and row.last_sender != user
    ]
    newest = [room_id for _, room_id in sorted(newer, reverse=True)[:most]]
    views = {row.room_id: room_view(row) for row in view_store.views(connection, user, newest)}
    return sum(row.unread for row in rows), [views[room_id] for room_id in newest]


class RoomsReader:
    """What `sync` reads of rooms, within a snapshot that its caller has begun."""

    standing = staticmethod(view_store.standing)
    views_of_many = staticmethod(view_store.views_of_many)
    views_moved_for_me = staticmethod(view_store.views_moved_for_me)
    moved_cursors = staticmethod(store.load_moved_cursors)
    stands = staticmethod(store.stands)
    touched = staticmethod(store.touched)
    personal_moved = staticmethod(store.personal_moved)
    shown_to = staticmethod(store.shown_to)
    head = staticmethod(room_head)
    mine = staticmethod(my_room)
    member = staticmethod(member)

    @staticmethod
    def members_above(connection: sa.Connection, room_id: str, version: int) -> list[Row]:
        return store.load_members(connection, room_id, above_version=version)

    @staticmethod
    def changed_messages(connection: sa.Connection, room: ViewRow, above: int, most: int) -> list[int]:
        """Seqs of rows that changed after they were written."""
        if room.changes_version <= above:
            return []
        return store.changed_messages(connection, room.room_id, above, most)
