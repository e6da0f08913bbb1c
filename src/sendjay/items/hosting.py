"""What hosts say of items and deals, and how all rooms about them come to show it."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import sqlalchemy as sa
from msgspec import UNSET
from msgspec.structs import replace

from sendjay.accounts.service import AccountsService
from sendjay.directory.service import UserEntry
from sendjay.items import model, store
from sendjay.items.beginning import begin_room
from sendjay.items.model import DealState, ItemState, Owner, Ref
from sendjay.items.spreading import change_card, spread
from sendjay.items.store import item_from_row
from sendjay.protocol.errors import Code, Refused
from sendjay.protocol.objects import Deal, Item
from sendjay.rooms.service import decode_item, find_room, load_room
from sendjay.settings import Settings
from sendjay.storage.database import Database
from sendjay.storage.locks import Rows
from sendjay.storage.transaction import Transaction
from sendjay.storage.writer import Writer


class Hosted(msgspec.Struct, frozen=True):
    """An item as it stands after what was said, and whether that counted."""

    item: Item
    applied: bool
    """False: a newer state was known already."""


class Hosting:
    def __init__(
        self,
        database: Database,
        writer: Writer,
        settings: Settings,
        accounts: AccountsService,
        are_blocked: Callable[[sa.Connection, str, str], bool],
    ) -> None:
        self._are_blocked = are_blocked
        self._database = database
        self._writer = writer
        self._settings = settings
        self._accounts = accounts

    async def put(
        self, ref: Ref, state: ItemState, *, is_gone: bool = False, by_ticket: bool = False
    ) -> Hosted:
        """Register an item, or change it; all its rooms show it. `by_ticket`: tickets count whole seconds, so
        that of two of the same second neither is known to be the newer. Raises Refused: INVALID.
        """
        values = model.columns_of(state)
        hosted, is_news = await self._writer.run(
            lambda tx: self._put(tx, ref, state, {**values, "is_gone": int(is_gone)}, by_ticket=by_ticket)
        )
        if is_news:
            await spread(self._database.read, self._writer.run, ref.key)
        return hosted

    async def drop(self, ref: Ref, at: int) -> Hosted:
        """The host has deleted it. Raises Refused(NOT_FOUND) for what was never there."""
        if await self._database.read(lambda connection: store.load_item(connection, ref.key)) is None:
            raise Refused(Code.NOT_FOUND)
        return await self.put(ref, ItemState(at=at), is_gone=True)

    async def get(self, ref: Ref) -> Hosted:
        row = await self._database.read(lambda connection: store.load_item(connection, ref.key))
        if row is None:
            raise Refused(Code.NOT_FOUND)
        return Hosted(item_from_row(row), applied=True)

    def _put(
        self, tx: Transaction, ref: Ref, state: ItemState, values: dict[str, str | int], *, by_ticket: bool
    ) -> tuple[Hosted, bool]:
        """As it stands then, and whether its rooms show something else."""
        row = store.load_item(tx.connection, ref.key, lock=True)
        at = model.issued_at(state.at, tx.now)
        if row is not None and (row.issued_at > at or (by_ticket and row.issued_at == at)):
            return Hosted(item_from_row(row), applied=False), False
        if state.owner is not UNSET:
            values["owner_id"] = self._person(tx, state.owner)
        if row is not None and row.spread and all(getattr(row, name) == values[name] for name in values):
            store.update_item(tx, ref.key, {"issued_at": at})
            return Hosted(item_from_row(row), applied=True), False
        values |= {"issued_at": at, "spread": 0}
        if row is None:
            if "owner_id" not in values or "title" not in values:
                raise Refused(Code.INVALID, "A new item has an owner and a title.")
            first = {"item_key": ref.key, "kind": ref.kind, "host_id": ref.host_id, **values}
            store.insert_item(tx, first)
        else:
            store.update_item(tx, ref.key, values)
        row = store.load_item(tx.connection, ref.key)
        assert row is not None
        return Hosted(item_from_row(row), applied=True), True

    # The deal

    async def report_deal(self, ref: Ref, state: DealState) -> Deal:
        """How a deal stands, told in the room of the item's owner and the asker, which is made where nothing
        was said yet. An older report changes nothing. Raises Refused: NOT_FOUND, INVALID.
        """
        deal = model.deal_of(state)
        hint = await self._database.read(lambda connection: store.load_item(connection, ref.key))
        if hint is None:
            raise Refused(Code.NOT_FOUND)
        asker = await self._writer.run(lambda tx: self._person(tx, state.asker))

        def write(tx: Transaction) -> Deal:
            room_id = find_room(tx, "item", (hint.owner_id, asker), ref.key)
            if room_id is None:
                room_id = self._begin(tx, ref, hint.owner_id, asker)
            tx.lock(Rows(rooms=(room_id,)))
            return _put_deal(tx, room_id, deal, model.issued_at(state.at, tx.now))

        return await self._writer.run(write, lane=hint.owner_id, users=(asker, hint.owner_id))

    def _begin(self, tx: Transaction, ref: Ref, owner: str, asker: str) -> str:
        row = store.load_item(tx.connection, ref.key, lock=True)
        if row is None or row.owner_id != owner:
            raise Refused(Code.BUSY, retry_after_ms=200)
        if asker == owner:
            raise Refused(Code.INVALID, "Nobody deals with themselves.")
        return begin_room(tx, ref, row, asker, blocked=self._are_blocked(tx.connection, owner, asker))

    # People

    async def is_person(self, said: str, user: str) -> bool:
        """Is this what they sign in with, or their id?"""
        return await self._database.read(lambda connection: self._accounts.known(connection, said) == user)

    def _person(self, tx: Transaction, owner: Owner) -> str:
        newcomer = UserEntry(id="", name=owner.name) if owner.name else None
        creates = self._settings.embed_creates_people
        return self._accounts.person(tx, owner.id, newcomer if creates else None)


def _put_deal(tx: Transaction, room_id: str, deal: Deal, at: int) -> Deal:
    room, about = load_room(tx.connection, room_id), store.load_item_room(tx.connection, room_id)
    assert room is not None
    assert about is not None
    held = decode_item(room.card)
    if about.deal_at > at:
        return held.deal or deal
    store.update_item_room(tx, room_id, {"deal_at": at, "deal_until": model.last_day(deal)})
    if held.deal != deal:
        change_card(tx, room, replace(held, deal=deal), told=about.owner_id)
    return deal
