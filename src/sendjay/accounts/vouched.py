"""Sessions that begin on a word, not a password: a portal's ticket, or a page that is signed in already."""

from __future__ import annotations

import hashlib

import sqlalchemy as sa
from msgspec import Struct, structs

from sendjay.accounts import sessions, store
from sendjay.accounts.model import BY_TICKET, BadTicket, Device
from sendjay.accounts.tokens import HandoffClaims
from sendjay.actor import Actor
from sendjay.directory.service import DirectoryService, UserEntry, is_id, login_key
from sendjay.protocol.errors import Refused
from sendjay.settings import Settings
from sendjay.storage.database import Database
from sendjay.storage.ids import new_id
from sendjay.storage.transaction import Transaction
from sendjay.storage.writer import Writer

CLOCKS_APART = 60
"""Seconds that the database's clock may be ahead of ours: a used ticket is remembered for longer."""


class Voucher(Struct, frozen=True):
    """A portal's word that whoever brings it is this person; good once."""

    ticket_id: str
    expires_at: float
    """Seconds since 1970; nobody brings it later."""
    person: str
    """What they sign in with, or their id."""
    newcomer: UserEntry | None = None
    """Whom to add when nobody is known by it; its id is found here."""


class VouchedSessions:
    """Begins them. Every refusal is a BadTicket, which looks the same to whoever tries."""

    def __init__(
        self, database: Database, writer: Writer, settings: Settings, directory: DirectoryService
    ) -> None:
        self._database = database
        self._writer = writer
        self._seconds = settings.session_seconds
        self._token_seconds = settings.access_token_seconds
        self._directory = directory

    async def enter(self, voucher: Voucher, device: Device, address: str) -> Actor:
        """The session that a ticket began on this device before, or a new one. It has no refresh token: the
        next ticket renews it.
        """

        def write(tx: Transaction) -> Actor:
            _use_once(tx, "ticket", voucher.ticket_id, voucher.expires_at)
            account = self._account(tx, voucher)
            if account.disabled or account.kind == "integration":
                raise BadTicket("the account is disabled or a machine's")
            actor = sessions.begin_by_ticket(tx, account, device, address, self._seconds)
            sessions.tell_renewed(tx, actor, self._token_seconds)
            return actor

        return await self._writer.run(write)

    async def is_by_ticket(self, actor: Actor) -> bool:
        """Did a ticket begin this session?"""
        return await self._database.read(lambda connection: store.is_by_ticket(connection, actor.session_id))

    async def take_over(self, handoff: HandoffClaims, device: Device, address: str) -> Actor:
        """A session of its own for the person whose session by ticket handed off."""

        def write(tx: Transaction) -> Actor:
            _use_once(tx, "handoff", handoff.jti, handoff.exp)
            session = store.session_for_refresh(tx, handoff.sid)
            if session is None or (session.user_id, session.refresh_counter) != (handoff.sub, BY_TICKET):
                raise BadTicket("the session that handed off has ended")
            account = store.account_by_id(tx.connection, handoff.sub, lock=True)
            if account is None or account.disabled:
                raise BadTicket("the account is disabled")
            # On the device of the page that handed off: with that page's session it ends.
            own = structs.replace(device, id=session.device_id)
            return sessions.begin(tx, account, own, address, self._seconds)

        return await self._writer.run(write)

    def find(self, connection: sa.Connection, person: str) -> store.Row | None:
        """Who signs in by it, or has it as their id."""
        return store.account_by_login(connection, _login_key(person)) or store.account_by_id(
            connection, person
        )

    def find_or_add(self, tx: Transaction, person: str, newcomer: UserEntry | None) -> store.Row:
        """Raises BadTicket."""
        found = self.find(tx.connection, person)
        if found is None:
            if newcomer is None:
                raise BadTicket("nobody is known by this id")
            found = self._add(tx, person, newcomer)
        return found

    def _account(self, tx: Transaction, voucher: Voucher) -> store.Row:
        found = self.find_or_add(tx, voucher.person, voucher.newcomer)
        # Locked and read again: whoever disables them now has done so before or will end this session.
        return store.account_by_id(tx.connection, found.user_id, lock=True)

    def _add(self, tx: Transaction, person: str, newcomer: UserEntry) -> store.Row:
        user_id = person if is_id(person) else new_id()
        entry = structs.replace(newcomer, id=user_id, login=person, source="ticket")
        try:
            self._directory.write_users(tx, [entry])
        except Refused as refused:
            raise BadTicket(f"the person cannot be added: {refused.message}") from None
        return store.account_by_id(tx.connection, user_id)


def _use_once(tx: Transaction, what: str, ticket_id: str, expires_at: float) -> None:
    # Hashed: the host chooses how long its numbers are, and whatever they hold.
    digest = hashlib.sha256(f"{what}\n{ticket_id}".encode()).hexdigest()
    if not store.use_once(tx, digest, int((expires_at + CLOCKS_APART) * 1000)):
        raise BadTicket("it was used before")


def _login_key(person: str) -> str:
    try:
        return login_key(person)
    except Refused:
        raise BadTicket("nobody can have this id") from None
