"""What happens with items as people see them: the button under a post, the first message, the lists."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from sendjay.accounts.service import BadTicket
from sendjay.actor import Actor
from sendjay.items import model, store
from sendjay.items.beginning import begin_room
from sendjay.items.hosting import Hosting
from sendjay.items.model import DealState, ItemState, Ref, Said, ref_of
from sendjay.items.store import Position, item_from_row, offering
from sendjay.messages.service import MessagesService, asked_with, clean_body_of
from sendjay.protocol.errors import Code, Refused
from sendjay.protocol.objects import ItemAsked, Upcoming
from sendjay.protocol.replies import ComingAnswer, ItemAnswer, ItemRoomsAnswer, OwnedAnswer, SendAnswer
from sendjay.rooms.service import (
    decode_item,
    find_request,
    find_room,
    require_session,
    room_of_set,
    unread_of,
    view_rooms,
)
from sendjay.settings import Settings
from sendjay.storage.database import Database
from sendjay.storage.locks import Rows
from sendjay.storage.transaction import Transaction
from sendjay.storage.writer import Writer

__all__ = [
    "DealState", "Hosting", "ItemState", "ItemTicket", "ItemsService", "Ref", "Said", "offering", "ref_of",
]  # fmt: skip

COMING_MOST = 200
HOUR_MS, DAY_SECONDS = 3_600_000, 86_400

AreBlocked = Callable[[sa.Connection, str, str], bool]
ExistingPeople = Callable[[sa.Connection, Sequence[str]], set[str]]


class ItemTicket(Struct, frozen=True):
    """What a host's ticket says of an item, and to whom."""

    person: str
    """What they sign in with, or their id."""
    ref: Ref
    state: ItemState | None
    """None: it only names the item."""


ReadTicket = Callable[[str], Awaitable[ItemTicket]]


class ItemsService:
    def __init__(
        self,
        database: Database,
        writer: Writer,
        settings: Settings,
        messages: MessagesService,
        hosting: Hosting,
        existing_people: ExistingPeople,
        are_blocked: AreBlocked,
        secret: Callable[[], bytes],
    ) -> None:
        """`secret`: the installation's, with which passes are sealed."""
        self._database = database
        self._writer = writer
        self._settings = settings
        self._messages = messages
        self._hosting = hosting
        self._existing_people = existing_people
        self._are_blocked = are_blocked
        self._read_ticket: ReadTicket | None = None
        self._secret = secret

    def read_tickets_with(self, read: ReadTicket) -> None:
        self._read_ticket = read

    # The button

    async def ask(
        self, actor: Actor, ref: Ref, ticket: str = "", given: str = "", history: int = 0
    ) -> ItemAnswer:
        """What the item is, the actor's room about it, and as many of its newest rows as `history` asks for.
        Raises Refused: NOT_FOUND, BAD_TICKET.
        """
        now = int(datetime.now(UTC).timestamp() * 1000)
        is_shown = bool(given) and model.allows(self._secret(), given, ref.key, actor.user_id, now)
        if ticket:
            is_shown = await self._take_ticket(actor, ref, ticket)

        def read(connection: sa.Connection) -> ItemAnswer:
            row = store.load_item(connection, ref.key)
            if row is None:
                raise Refused(Code.NOT_FOUND)
            item = item_from_row(row)
            if row.owner_id == actor.user_id:
                return ItemAnswer(item)
            room_id = room_of_set(connection, "item", (row.owner_id, actor.user_id), ref.key)
            if room_id is None and (row.is_gone or (row.by_ticket and not is_shown)):
                raise Refused(Code.NOT_FOUND)
            rooms = view_rooms(connection, actor.user_id, [room_id]) if room_id else []
            if room_id is None or not rooms:
                return ItemAnswer(item)
            newest = self._messages.newest(connection, actor, room_id, history) if history else None
            return ItemAnswer(item, rooms[0], history=newest)

        answer = await self._database.read(read)
        # By a ticket alone: a pass that renewed itself would outlive the host's word.
        if not ticket or answer.room is not None:
            return answer
        made = model.make_pass(self._secret(), ref.key, actor.user_id, now + model.PASS_MS)
        return replace(answer, pass_=made)

    async def _take_ticket(self, actor: Actor, ref: Ref, ticket: str) -> bool:
        if self._read_ticket is None:
            raise Refused(Code.BAD_TICKET)
        said = await self._read_ticket(ticket)
        if said.ref != ref:
            raise BadTicket("it names another item")
        if not await self._hosting.is_person(said.person, actor.user_id):
            raise BadTicket("it was made for somebody else")
        await self.registered(said)
        return True

    async def registered(self, said: ItemTicket) -> None:
        """What a ticket says of an item counts like what the host says by REST. Raises Refused."""
        if said.state is not None:
            await self._hosting.put(said.ref, said.state, by_ticket=True)

    # The first message

    async def send(
        self, actor: Actor, ref: Ref, client_id: str, body: str, files: Sequence[str] = (), given: str = ""
    ) -> SendAnswer:
        """Say something to the owner. The first message makes the room, in its own transaction. Raises
        Refused: NOT_FOUND, NOT_ALLOWED, BLOCKED, RATE_LIMITED.
        """
        asked = asked_with(0, (), files)
        text = clean_body_of(body, asked)
        hint = await self._database.read(lambda connection: store.load_item(connection, ref.key))
        if hint is None:
            raise Refused(Code.NOT_FOUND)

        def write(tx: Transaction) -> SendAnswer:
            require_session(tx, actor)
            room_id = _said_in(tx, actor, client_id) or find_room(
                tx, "item", (hint.owner_id, actor.user_id), ref.key
            )
            if room_id is None:
                room_id = self._begin(tx, actor, ref, hint.owner_id, given)
            else:
                tx.lock(Rows(rooms=(room_id,)))
            return self._messages.speak(tx, actor, room_id, client_id, text, asked)

        # Whoever begins the same room at once, through another node, waits for the same people's rows.
        answer = await self._writer.run(write, lane=hint.owner_id, users=(actor.user_id, hint.owner_id))
        self._messages.spoken(answer.room, answer.seq, actor.user_id, text)
        return answer

    def _begin(self, tx: Transaction, actor: Actor, ref: Ref, owner: str, given: str) -> str:
        row = store.load_item(tx.connection, ref.key, lock=True)
        if row is None or row.is_gone:
            raise Refused(Code.NOT_FOUND)
        if row.owner_id != owner:
            # It has just changed hands: the people whose rows are held are not the right ones.
            raise Refused(Code.BUSY, retry_after_ms=200)
        if owner == actor.user_id:
            raise Refused(Code.NOT_ALLOWED, "This is your own.")
        if row.by_ticket and not model.allows(self._secret(), given, ref.key, actor.user_id, tx.now):
            raise Refused(Code.NOT_FOUND)
        if not row.is_open:
            raise Refused(Code.NOT_ALLOWED, "Nobody can ask about this any more.")
        if owner not in self._existing_people(tx.connection, (owner,)):
            raise Refused(Code.NOT_FOUND)
        if self._are_blocked(tx.connection, actor.user_id, owner):
            raise Refused(Code.BLOCKED)
        most = self._settings.item_rooms_per_hour
        if most and store.begun_since(tx.connection, actor.user_id, tx.now - HOUR_MS) >= most:
            raise Refused(Code.RATE_LIMITED, "You have asked about many things. Please wait a little.",
                          retry_after_ms=HOUR_MS // most)  # fmt: skip
        return begin_room(tx, ref, row, actor.user_id)

    # Lists

    async def owned(self, actor: Actor, after: str, limit: int) -> OwnedAnswer:
        """The actor's items that others have asked about."""
        position = _position(after)

        def read(connection: sa.Connection) -> OwnedAnswer:
            rows = store.owned(connection, actor.user_id, position, limit + 1)
            page = rows[:limit]
            keys = [row.item_key for row in page]
            known = store.load_items(connection, keys)
            about = {
                row.room_id: row.item_key for row in store.rooms_of_owned(connection, actor.user_id, keys)
            }
            unread = dict.fromkeys(keys, 0)
            for room_id, count in unread_of(connection, actor.user_id, list(about)).items():
                unread[about[room_id]] += count
            return OwnedAnswer(
                [
                    ItemAsked(item_from_row(known[row.item_key]), row.askers, unread[row.item_key], row.at)
                    for row in page
                ],
                _next(page, rows, "item_key"),
            )

        return await self._database.read(read)

    async def asked(self, actor: Actor, after: str, limit: int) -> ItemRoomsAnswer:
        """The rooms in which the actor asks."""
        position = _position(after)
        return await self._database.read(
            lambda connection: _page(
                connection, actor, store.asked(connection, actor.user_id, position, limit + 1), limit
            )
        )

    async def rooms(self, actor: Actor, ref: Ref, after: str, limit: int) -> ItemRoomsAnswer:
        """The actor's rooms about one item: of all askers if it is theirs, else their own. Nothing for
        anybody else, whether or not there are any.
        """
        position = _position(after)

        def read(connection: sa.Connection) -> ItemRoomsAnswer:
            rows = store.rooms_about(connection, actor.user_id, ref.key, position, limit + 1)
            return _page(connection, actor, rows, limit)

        return await self._database.read(read)

    async def coming(self, actor: Actor) -> ComingAnswer:
        """Days of the actor's deals that are not over, anywhere on earth."""
        today = datetime.fromtimestamp(datetime.now(UTC).timestamp() - DAY_SECONDS, UTC).date().isoformat()
        rows = await self._database.read(
            lambda connection: store.coming(connection, actor.user_id, today, COMING_MOST)
        )
        return ComingAnswer([Upcoming(row.room_id, decode_item(row.card), row.asker_id) for row in rows])


def _said_in(tx: Transaction, actor: Actor, client_id: str) -> str | None:
    """Where a message with this key was written, whoever owns the item since."""
    before = find_request(tx.connection, actor.user_id, client_id)
    return before.room_id if before is not None and before.kind == "message.send" else None


def _page(connection: sa.Connection, actor: Actor, rows: list[Any], limit: int) -> ItemRoomsAnswer:
    page = rows[:limit]
    views = view_rooms(connection, actor.user_id, [row.room_id for row in page])
    return ItemRoomsAnswer(views, _next(page, rows, "room_id"))


def _next(page: list[Any], rows: list[Any], name: str) -> str:
    return f"{page[-1].at}.{getattr(page[-1], name)}" if len(rows) > len(page) else ""


def _position(after: str) -> Position | None:
    """Raises Refused(INVALID) for what was no `next`."""
    if not after:
        return None
    digits, dot, identifier = after.partition(".")
    if (
        not digits.isascii()
        or not digits.isdigit()
        or len(digits) > 15
        or not dot
        or not identifier.isascii()
    ):
        raise Refused(Code.INVALID)
    return Position(int(digits), identifier)
