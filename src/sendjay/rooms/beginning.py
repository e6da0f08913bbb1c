"""How a room comes into being, and comes back to the list of somebody who had hidden it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa

from sendjay.actor import Actor
from sendjay.protocol.events import RoomAdded
from sendjay.realtime.deliveries import ToUsers
from sendjay.rooms import store
from sendjay.rooms.access import access_room
from sendjay.rooms.model import PEOPLE_SHOWN, set_key
from sendjay.rooms.timeline import RoomChange
from sendjay.storage.ids import new_id
from sendjay.storage.locks import Rows
from sendjay.storage.transaction import Transaction


class About(NamedTuple):
    """What a room is about: the key of an item, and its card as JSON."""

    item_key: str
    card: str
    blocked: bool = False
    """One of the two has blocked the other: it can be read only."""


def find_room(tx: Transaction, kind: str, people: Sequence[str], item_key: str | None = None) -> str | None:
    """The room of these people (about this item), whoever of them has hidden it."""
    return room_of_set(tx.connection, kind, people, item_key)


def room_of_set(
    connection: sa.Connection, kind: str, people: Sequence[str], item_key: str | None = None
) -> str | None:
    """The same for who only reads."""
    return store.find_set(connection, set_key(kind, item_key, people))


def make_room(
    tx: Transaction,
    kind: str,
    people: Sequence[str],
    *,
    master: str | None = None,
    about: About | None = None,
) -> str:
    """A room of these people, whose rows the transaction holds; its id. Groups begin with a notice."""
    room_id = new_id()
    # The notice of its creation takes version 1; a room of one or two begins in silence.
    begun = {
        "room_id": room_id, "kind": kind, "version": 1, "members_version": 1, "seq": 0,
        "member_count": len(people), "people": json.dumps(people[:PEOPLE_SHOWN]), "master_id": master,
        "created_at": tx.now, "touched_at": tx.now, "members_at": tx.now,
        "blocked": int(about.blocked) if about else 0,
        "item_id": about.item_key if about else None, "card": about.card if about else None,
    }  # fmt: skip
    store.insert_room(tx, begun)
    store.put_newcomers(tx, room_id, [store.Newcomer(user, 0, 1) for user in people], 1)
    store.move_set(tx, room_id, set_key(kind, about.item_key if about else None, people))
    if master is not None:
        room = store.load_room(tx.connection, room_id)
        assert room is not None
        change = RoomChange(tx, room)
        change.notice("created", master, people)
        change.finish()
    tx.publish(ToUsers(tuple(people), RoomAdded(room_id, 1 if master is None else 2)))
    return room_id


def show_again(tx: Transaction, actor: Actor, room_id: str) -> None:
    """Bring a room back to the actor's list. Raises Refused(NOT_FOUND)."""
    tx.lock(Rows(rooms=(room_id,)))
    access = access_room(tx.connection, actor, room_id)
    if access.member.hidden:
        store.update_member(tx, room_id, actor.user_id, {"hidden": 0})
        store.update_room(tx, room_id, {"hidden_count": max(0, access.room.hidden_count - 1)})
        tx.publish(ToUsers((actor.user_id,), RoomAdded(room_id, access.room.version)))
