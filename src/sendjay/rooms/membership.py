"""Who comes and who goes: create, invite, leave, remove."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

import sqlalchemy as sa

from sendjay.actor import Actor
from sendjay.protocol.errors import Code, Refused
from sendjay.protocol.events import MineChanged, RoomAdded, RoomGone
from sendjay.protocol.replies import Done, RoomAnswer
from sendjay.realtime.deliveries import MembershipEnded, ToUsers
from sendjay.rooms import store
from sendjay.rooms.access import access_room, require_session
from sendjay.rooms.beginning import make_room, show_again
from sendjay.rooms.model import kind_for, set_key
from sendjay.rooms.requests import answered_before, remember
from sendjay.rooms.service import view_room
from sendjay.rooms.timeline import RoomChange
from sendjay.settings import Settings
from sendjay.storage.locks import Rows
from sendjay.storage.transaction import Transaction
from sendjay.storage.writer import Writer

Row = sa.Row[Any]
ExistingPeople = Callable[[sa.Connection, Sequence[str]], set[str]]
"""Which of these people are there and active."""
PeopleWithinReach = Callable[[sa.Connection, Actor, Sequence[str]], set[str]]
"""The same, of those whom the actor may bring into a room."""
GoneHook = Callable[[Transaction, str, str], None]
"""Told (tx, room_id, person) within the transaction in which somebody leaves a room, or clears it."""


BlockedAmong = Callable[[sa.Connection, str, Collection[str]], set[str]]
"""Those of these people whom this one has blocked, or who have blocked them."""


def _nobody(*_: object) -> set[str]:
    return set()


class MembershipService:
    """Makes rooms and moves people in and out of them."""

    def __init__(
        self,
        writer: Writer,
        settings: Settings,
        existing_people: ExistingPeople,
        people_within_reach: PeopleWithinReach,
        blocked_among: BlockedAmong = _nobody,
    ) -> None:
        self._blocked_among = blocked_among
        self._writer = writer
        self._settings = settings
        self._existing_people = existing_people
        self._people_within_reach = people_within_reach
        self._when_gone: list[GoneHook] = []

    def when_gone(self, hook: GoneHook) -> None:
        self._when_gone.append(hook)

    async def create(self, actor: Actor, people: Sequence[str], client_id: str) -> RoomAnswer:
        """The room of these people and the actor; the one that exists, if there is one."""
        everybody = tuple(dict.fromkeys((actor.user_id, *people)))
        kind = kind_for(everybody)
        key = set_key(kind, None, everybody)

        def write(tx: Transaction) -> RoomAnswer:
            require_session(tx, actor)
            before = answered_before(tx, actor, client_id, "room.create", key)
            if before is not None:
                return RoomAnswer(view_room(tx.connection, actor, before.room_id), created=before.seq == 1)
            self._require_people(tx, actor, everybody)
            room_id = store.find_set(tx.connection, key)
            created = room_id is None
            if room_id is None:
                self._require_willing(tx, actor, everybody)
                master = actor.user_id if kind == "group" else None
                room_id = make_room(tx, kind, everybody, master=master)
            else:
                show_again(tx, actor, room_id)
            remember(tx, actor, client_id, "room.create", key, room_id, seq=int(created))
            return RoomAnswer(view_room(tx.connection, actor, room_id), created)

        # Whoever makes the same room at once, through another node, waits for the same person's row.
        return await self._writer.run(write, lane=actor.user_id, users=(actor.user_id, min(everybody)))

    async def invite(self, actor: Actor, room_id: str, people: Sequence[str], client_id: str) -> RoomAnswer:
        """Bring people into a group. Those who are members already are passed over."""
        invited = tuple(dict.fromkeys(people))
        fingerprint = "/".join((room_id, *sorted(invited)))

        def write(tx: Transaction) -> RoomAnswer:
            require_session(tx, actor)
            if answered_before(tx, actor, client_id, "room.invite", fingerprint) is None:
                access = access_room(tx.connection, actor, room_id)
                if access.room.kind != "group":
                    raise Refused(
                        Code.NOT_ALLOWED, "A 1:1 room stays one: make a new room with everybody in it."
                    )
                self._require_people(tx, actor, invited)
                self._admit(tx, actor, access.room, invited)
                remember(tx, actor, client_id, "room.invite", fingerprint, room_id)
            return RoomAnswer(view_room(tx.connection, actor, room_id))

        return await self._writer.run(write, lane=room_id, rooms=(room_id,))

    async def leave(self, actor: Actor, room_id: str) -> Done:
        """Leave a group; a room of two (or of me alone) is cleared and hidden until the next message."""

        def write(tx: Transaction) -> Done:
            require_session(tx, actor)
            access = access_room(tx.connection, actor, room_id)
            if access.room.member_count <= 2:
                self._hide(tx, actor, access.room, access.member)
            else:
                self._part(tx, access.room, actor.user_id, actor.user_id)
            return Done()

        return await self._writer.run(write, lane=room_id, rooms=(room_id,), users=(actor.user_id,))

    async def remove(self, actor: Actor, room_id: str, person: str) -> RoomAnswer:
        """The master removes somebody from a group."""

        def write(tx: Transaction) -> RoomAnswer:
            require_session(tx, actor)
            access = access_room(tx.connection, actor, room_id)
            if access.room.kind != "group" or access.room.master_id != actor.user_id:
                raise Refused(Code.NOT_ALLOWED, "Only the room's master may remove somebody.")
            membership = store.load_member(tx.connection, room_id, person)
            if membership is None or not membership.is_member:
                raise Refused(Code.NOT_FOUND)
            if person == actor.user_id:
                raise Refused(Code.NOT_ALLOWED, "To go yourself, leave the room.")
            self._part(tx, access.room, person, actor.user_id)
            return RoomAnswer(view_room(tx.connection, actor, room_id))

        return await self._writer.run(write, lane=room_id, rooms=(room_id,))

    def _require_willing(self, tx: Transaction, actor: Actor, people: Sequence[str]) -> None:
        """Nobody is brought into a room with who blocks them. Raises Refused(BLOCKED)."""
        if self._blocked_among(tx.connection, actor.user_id, people):
            raise Refused(Code.BLOCKED)

    def _require_people(self, tx: Transaction, actor: Actor, people: Sequence[str]) -> None:
        if len(people) > self._settings.room_members_max:
            raise Refused(Code.TOO_MANY, f"A room holds {self._settings.room_members_max} people at most.")
        if self._people_within_reach(tx.connection, actor, people) != set(people):
            raise Refused(Code.NOT_FOUND)

    def _admit(self, tx: Transaction, actor: Actor, room: Row, people: Sequence[str]) -> None:
        former = store.load_former(tx.connection, room.room_id, people)
        coming = [user for user in people if user not in former or not former[user].is_member]
        if not coming:
            return
        self._require_willing(tx, actor, coming)
        if room.member_count + len(coming) > self._settings.room_members_max:
            raise Refused(Code.TOO_MANY, f"A room holds {self._settings.room_members_max} people at most.")
        change = RoomChange(tx, room)
        change.notice("invited", actor.user_id, coming)
        newcomers = [
            store.Newcomer(user, room.seq, former[user].epoch + 1 if user in former else 1) for user in coming
        ]
        store.put_newcomers(tx, room.room_id, newcomers, change.version)
        changed = change.finish_members(coming)
        tx.publish(ToUsers(tuple(coming), RoomAdded(room.room_id, changed.version)))

    def _hide(self, tx: Transaction, actor: Actor, room: Row, membership: Row) -> None:
        # Shown again before anything is said, the room's own version has not moved: a device that was away
        # learns of the new floor from the personal stream.
        personal = store.raise_personal(tx, actor.user_id)
        values = {
            "cleared_seq": room.seq, "hidden": 1, "epoch": membership.epoch + 1, "personal_version": personal
        }  # fmt: skip
        store.update_member(tx, room.room_id, actor.user_id, values)
        if not membership.hidden:
            store.update_room(tx, room.room_id, {"hidden_count": room.hidden_count + 1})
        self._tell_gone(tx, room.room_id, actor.user_id)
        tx.publish(ToUsers((actor.user_id,), MineChanged(personal, [])))

    def _part(self, tx: Transaction, room: Row, person: str, by: str) -> None:
        change = RoomChange(tx, room)
        membership = store.load_member(tx.connection, room.room_id, person)
        if membership is not None and membership.hidden:
            change.set(hidden_count=max(0, room.hidden_count - 1))
        store.update_member(
            tx, room.room_id, person, {"is_member": 0, "hidden": 0, "version": change.version}
        )
        change.notice("left" if person == by else "removed", by, [person])
        if room.master_id == person:
            self._hand_over(tx, room, change)
        self._tell_gone(tx, room.room_id, person)
        change.finish_members([person])

    def hand_over_rooms_of(self, tx: Transaction, people: Sequence[str]) -> None:
        """These people have been disabled: the groups they are master of get another one."""
        tx.lock(Rows(rooms=tuple(room.room_id for room in store.rooms_of_masters(tx.connection, people))))
        for room in store.rooms_of_masters(tx.connection, people):
            change = RoomChange(tx, room)
            self._hand_over(tx, room, change)
            change.finish()

    def _hand_over(self, tx: Transaction, room: Row, change: RoomChange) -> None:
        """The longest-standing member who is still active becomes master."""
        rest = [row.user_id for row in store.load_members(tx.connection, room.room_id)]
        active = self._existing_people(tx.connection, rest)
        successor = next((user for user in rest if user in active and user != room.master_id), None)
        change.set(master_id=successor)
        if successor is not None:
            change.notice("master", successor, [successor])

    def _tell_gone(self, tx: Transaction, room_id: str, person: str) -> None:
        for hook in self._when_gone:
            hook(tx, room_id, person)
        tx.publish(MembershipEnded(room_id, (person,)))
        tx.publish(ToUsers((person,), RoomGone(room_id)))
