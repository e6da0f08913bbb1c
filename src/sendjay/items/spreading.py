"""Has all rooms of an item show it as it stands, for who brought a change, and for the clean-up."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Protocol

import sqlalchemy as sa
from msgspec.structs import replace

from sendjay.items import store
from sendjay.items.beginning import card_for, encode_card
from sendjay.items.store import item_from_row
from sendjay.protocol.objects import Item
from sendjay.rooms.service import RoomChange, decode_item, load_room
from sendjay.storage.transaction import Transaction

ROOMS_AT_ONCE = 100
"""Told in one transaction: nobody's message waits for long behind a popular post."""

Read = Callable[[Callable[[sa.Connection], Any]], Awaitable[Any]]


class Write(Protocol):
    """Runs a transaction, under the locks of these rooms."""

    def __call__(
        self, work: Callable[[Transaction], None], *, rooms: tuple[str, ...] = ()
    ) -> Awaitable[None]: ...


async def spread(read: Read, write: Write, key: str) -> None:
    """What breaks off here is begun anew by the clean-up. Raises Refused."""
    seen = await read(partial(store.load_item, key=key))
    after = ""
    while found := await read(partial(store.rooms_of_item, key=key, after=after, most=ROOMS_AT_ONCE)):
        rooms = tuple(found)
        await write(partial(_show_in, key=key, rooms=rooms), rooms=rooms)
        after = rooms[-1]

    def done(tx: Transaction) -> None:
        row = store.load_item(tx.connection, key, lock=True)
        # What was said meanwhile is spread by whoever brought it.
        if row is not None and seen is not None and row.issued_at == seen.issued_at:
            store.update_item(tx, key, {"spread": 1})

    await write(done)


def change_card(tx: Transaction, room: sa.Row[Any], item: Item, *, told: str = "") -> None:
    """A room shows this from now on; `told`: a line says so of the deal, in this person's name."""
    change = RoomChange(tx, room)
    change.set(card=encode_card(item))
    if told:
        change.notice("deal", told, deal=item.deal)
    change.finish()


def _show_in(tx: Transaction, key: str, rooms: tuple[str, ...]) -> None:
    row = store.load_item(tx.connection, key)
    if row is None:
        return
    for room_id in rooms:
        room, about = load_room(tx.connection, room_id), store.load_item_room(tx.connection, room_id)
        if room is None or about is None:
            continue
        held = decode_item(room.card)
        shown = replace(card_for(item_from_row(row), about.owner_id), deal=held.deal)
        if shown != held:
            change_card(tx, room, shown)
