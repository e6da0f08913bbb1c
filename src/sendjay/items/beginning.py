"""How the room of an item's owner and somebody who asks comes into being, and the card it has."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec.structs import replace

from sendjay.items import store
from sendjay.items.model import Ref
from sendjay.items.store import item_from_row
from sendjay.protocol.objects import Item
from sendjay.rooms.service import About, make_room
from sendjay.storage.transaction import Transaction


def begin_room(tx: Transaction, ref: Ref, row: Any, asker: str, *, blocked: bool = False) -> str:
    """The room of an item's owner and somebody who asks; the item's row is held."""
    about = About(ref.key, encode_card(item_from_row(row)), blocked)
    room_id = make_room(tx, "item", (asker, row.owner_id), about=about)
    store.insert_item_room(tx, room_id, ref.key, row.owner_id, asker)
    return room_id


def card_for(item: Item, owner: str) -> Item:
    """The card in a room of this owner: one that has changed hands since is to be asked about elsewhere."""
    return item if item.owner == owner else replace(item, owner=owner, is_open=False)


def encode_card(item: Item) -> str:
    return msgspec.json.encode(item).decode()
