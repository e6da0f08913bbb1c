"""What happens when people sign in, go on, sign out, and when their accounts change."""

from __future__ import annotations

import asyncio
import base64
import secrets
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

import sqlalchemy as sa
import structlog

from sendjay.accounts import model, sessions, store
from sendjay.accounts.device_names import named
from sendjay.accounts.devices import Devices
from sendjay.accounts.generations import Raise, RaiseBatch, Raised
from sendjay.accounts.integrations import Integrations
from sendjay.accounts.model import BadTicket, Claims, Device, Entered, NewAccount, SignedIn
from sendjay.accounts.passwords import Passwords
from sendjay.accounts.register import AccountRegister
from sendjay.accounts.seen import SeenSessions
from sendjay.accounts.shared_throttle import SharedThrottle
from sendjay.accounts.store import (
    EndedSession,
    G,
    Greeted,
    GreetedQuery,
    GreetedSession,
    ended_sessions,
    newest_generations,
)
from sendjay.accounts.throttle import Throttle, network_of
from sendjay.accounts.tokens import Secrets, Tokens
from sendjay.accounts.vouched import VouchedSessions, Voucher
from sendjay.actor import Actor
from sendjay.directory.service import DirectoryService, UserEntry, login_key
from sendjay.protocol.errors import Code, Refused
from sendjay.realtime.bus.bus import Bus
from sendjay.settings import Settings
from sendjay.storage.database import Database
from sendjay.storage.installation import agreed_value
from sendjay.storage.transaction import Transaction
from sendjay.storage.writer import Writer

__all__ = [
    "AccountsService", "BadTicket", "Claims", "Device", "EndedSession", "Entered", "Greeted", "GreetedQuery",
    "GreetedSession", "NewAccount", "SignedIn", "Throttle", "Voucher", "ended_sessions", "named",
    "network_of", "newest_generations",
]  # fmt: skip

log = structlog.get_logger(__name__)


class AccountsService:
    """`start` before use; `stop` while there is still a writer, `close` at the end."""

    def __init__(
        self,
        database: Database,
        writer: Writer,
        settings: Settings,
        directory: DirectoryService,
        bus: Bus,
    ) -> None:
        self._bus = bus
        self._database = database
        self._writer = writer
        self._settings = settings
        self._directory = directory
        self._by_account = self.throttle("account", settings.sign_in_tries_per_account)
        self._by_address = self.throttle("address", settings.sign_in_tries_per_address)
        self._passwords = Passwords()
        self._signing: Tokens | None = None
        self._generations = RaiseBatch()
        self.register = AccountRegister(database, writer, settings, directory, self._passwords)
        self.devices = Devices(database, writer)
        self.integrations = Integrations(database, writer)
        self._vouched = VouchedSessions(database, writer, settings, directory)
        self.seen = SeenSessions(writer)
        directory.when_disabled(_end_sessions_of_disabled)

    def throttle(self, name: str, tries: int) -> SharedThrottle:
        """Tries of this name are counted over all nodes."""
        return SharedThrottle(name, Throttle(tries), self._bus)

    async def start(self) -> None:
        """Read this installation's secrets; they are made at the first start."""

        def load() -> Secrets:
            made = [base64.b64encode(secrets.token_bytes(32)).decode() for _ in range(2)]
            access = agreed_value(self._database, "token_secret", made[0])
            refresh = agreed_value(self._database, "refresh_secret", made[1])
            return Secrets(base64.b64decode(access), base64.b64decode(refresh))

        self._signing = Tokens(await asyncio.to_thread(load), self._settings.access_token_seconds)
        self.seen.start()

    async def stop(self) -> None:
        """Write what is left to write."""
        await self.seen.stop()

    def close(self) -> None:
        self._passwords.close()

    def secret_for(self, purpose: str) -> bytes:
        """A secret of this installation that serves one purpose alone; every node has the same."""
        return self._tokens.secret_for(purpose)

    # Who is it?

    def verify(self, token: str) -> Claims:
        """The token's signature and expiry, without the database. Raises Refused(UNAUTHORIZED)."""
        return self._tokens.verify_access(token)

    def check_session(self, connection: sa.Connection, claims: Claims) -> Actor:
        """Within somebody's read: the session must live, its person not be disabled. Raises as `verify`,
        and Refused(DEVICE_REMOVED) where its person has ended it from another device.
        """
        row = store.load_session(connection, claims.sid, self._database.clock(connection))
        if row is None or row.user_id != claims.sub:
            raise model.refusal_after(store.end_reason(connection, claims.sid, claims.sub))
        return Actor(row.user_id, claims.sid, row.kind, row.device_kind, row.device_id)

    def greet(
        self, connection: sa.Connection, wanted: Sequence[tuple[str, str]], query: GreetedQuery[G]
    ) -> list[tuple[Actor, GreetedSession, G] | Refused]:
        """The same for many of (session_id, user_id), with all that hello needs and what `query` asks beside
        it, in one query.
        """
        found = query.run(connection, wanted, self._database.clock(connection))
        greeted: list[tuple[Actor, GreetedSession, G] | Refused] = []
        for (session_id, user), row in zip(wanted, found, strict=True):
            session = row.sessions[0] if row.sessions else None
            if session is None or session.user_id != user:
                greeted.append(model.refusal_after(store.end_reason(connection, session_id, user)))
                continue
            actor = Actor(user, session_id, session.kind, session.device_kind, session.device_id)
            greeted.append((actor, session, row))
        return greeted

    async def raise_generation(self, actor: Actor, above: int) -> Raised:
        """This session takes the place of its person's others on this kind of device, unless one of them has
        gone above that generation meanwhile. Raises Refused.
        """
        user, item = actor.user_id, Raise(actor, above)
        return await self._writer.submit_and_wait(self._generations, item, lane=user, person=user)

    async def actor_of(self, claims: Claims) -> Actor:
        """`check_session` in a read of its own."""
        return await self._database.read(lambda connection: self.check_session(connection, claims))

    # Sessions

    async def sign_in(self, login: str, password: str, device: Device, address: str) -> SignedIn:
        """A new session. Refused alike for an unknown id, a wrong password and a disabled account."""
        key = _key_or_blank(login)
        async with self._a_try(key, network_of(address)):
            account = await self._database.read(lambda connection: store.account_by_login(connection, key))
            held = account.password_hash if account is not None and not account.disabled else None
            if not await self._passwords.verify(held, model.password_bytes(password)):
                log.info("accounts.sign_in_refused", address=address)
                raise Refused(Code.WRONG_PASSWORD)
            assert account is not None
            signed_in = await self._begin(account.user_id, account.password_hash, device, address)
        await self._keep_hash_current(account.user_id, account.password_hash, password)
        return signed_in

    async def refresh(self, token: str, attempt: str = "") -> SignedIn:
        """New tokens. The same old token with the same attempt gives the same new refresh token again.

        Raises Refused(UNAUTHORIZED); the session has ended when an old token was used. Raises
        Refused(DEVICE_REMOVED) where its person has ended it from another device.
        """
        held = self._tokens.verify_refresh(token)
        seconds = self._settings.session_seconds
        token_seconds = self._tokens.access_seconds

        def write(tx: Transaction) -> sessions.Renewed | None:
            renewed = sessions.renew(tx, held.session_id, held.counter, attempt, seconds)
            if renewed is not None:
                sessions.tell_renewed(tx, renewed.actor, token_seconds)
            return renewed

        renewed = await self._writer.run(write)
        if renewed is None:
            log.warning("accounts.refresh_reused", session=held.session_id)
            raise Refused(Code.UNAUTHORIZED)
        return await self._signed_in(renewed.actor, renewed.counter)

    async def sign_out(self, actor: Actor) -> None:
        def write(tx: Transaction) -> None:
            sessions.sign_out(tx, actor)
            store.log_activity(tx, actor.user_id, "sign_out", actor.device_kind)

        await self._writer.run(write, users=(actor.user_id,))

    async def change_password(self, actor: Actor, current: str, new: str, address: str) -> None:
        """The other sessions end. Raises Refused for a wrong current password or too short a new one."""
        # A stolen session must not be a way to guess the password either.
        own = f"\n{actor.user_id}"  # what nobody's login folds to
        async with self._a_try(own, network_of(address)):
            account = await self._database.read(
                lambda connection: store.account_by_id(connection, actor.user_id)
            )
            held = account.password_hash if account is not None else None
            if held is None or not await self._passwords.verify(held, model.password_bytes(current)):
                raise Refused(Code.WRONG_PASSWORD)
        await self.register.change_password(actor, held, new)

    async def sign_up(self, login: str, password: str, name: str, device: Device, address: str) -> SignedIn:
        """An account one makes for oneself. Raises Refused where the setting does not allow it."""
        if not self._settings.sign_up:
            raise Refused(Code.NOT_ALLOWED)
        await self._by_address.begin(network_of(address))
        added = await self.register.add(NewAccount(login, name, password))
        return await self._begin(added.user_id, added.password_hash, device, address)

    # Without a password

    async def enter(self, voucher: Voucher, device: Device, address: str) -> Entered:
        """A session on a portal's word. Raises BadTicket."""
        actor = await self._vouched.enter(voucher, device, address)
        token = self._tokens.access(actor.user_id, actor.session_id)
        return Entered(actor, token, self._tokens.access_seconds)

    def known(self, connection: sa.Connection, person: str) -> str | None:
        """The id of whoever signs in by this, or has it as their id."""
        try:
            found = self._vouched.find(connection, person)
        except BadTicket:
            return None
        return None if found is None else found.user_id

    def person(self, tx: Transaction, person: str, newcomer: UserEntry | None) -> str:
        """The same for a host's word; adds the newcomer where nobody is known. Raises Refused(INVALID)."""
        try:
            return self._vouched.find_or_add(tx, person, newcomer).user_id
        except BadTicket as bad:
            raise Refused(Code.INVALID, f"{person}: {bad.why}.") from None

    async def hand_off(self, actor: Actor, origin: str) -> str:
        """A code by which a window of ours, opened from a page of `origin`, is signed in too. Raises
        BadTicket for a session that no ticket began.
        """
        if origin not in self._settings.embed_origins or not await self._vouched.is_by_ticket(actor):
            raise BadTicket("only a portal's page hands off")
        return self._tokens.handoff(actor.user_id, actor.session_id, origin)

    async def take_over(self, code: str, origin: str, device: Device, address: str) -> SignedIn:
        """A new session for whoever handed off. Raises BadTicket."""
        try:
            handoff = self._tokens.verify_handoff(code)
            if origin != handoff.origin or origin not in self._settings.embed_origins:
                raise BadTicket("it was handed off by a page of another origin")
            actor = await self._vouched.take_over(handoff, device, address)
        except BadTicket as bad:
            log.info("accounts.handoff_refused", why=bad.why, address=address)
            await self._by_address.begin(network_of(address))
            raise
        return await self._signed_in(actor, 0)

    # Steps

    @property
    def _tokens(self) -> Tokens:
        assert self._signing is not None, "start() comes first"
        return self._signing

    @asynccontextmanager
    async def _a_try(self, account: str, network: str) -> AsyncGenerator[None]:
        """Counted from its beginning; nothing is held against who was right. Where we were too busy to judge
        it, it was none: who tries again and again while the database is away is not to be locked out by it.
        """
        await self._by_address.begin(network)
        await self._by_account.begin(account)
        try:
            yield
        except Refused as refused:
            if refused.code is Code.BUSY:
                await self._by_account.take_back(account)
                await self._by_address.take_back(network)
            raise
        await self._by_account.forget(account)
        await self._by_address.take_back(network)

    async def _begin(self, user_id: str, password_hash: str, device: Device, address: str) -> SignedIn:
        def write(tx: Transaction) -> Actor:
            account = store.account_by_id(tx.connection, user_id, lock=True)
            # Disabled, or given another password, while the old one was being verified.
            if account is None or account.disabled or account.password_hash != password_hash:
                raise Refused(Code.WRONG_PASSWORD)
            return sessions.begin(tx, account, device, address, self._settings.session_seconds)

        return await self._signed_in(await self._writer.run(write, users=(user_id,)), 0)

    async def _signed_in(self, actor: Actor, counter: int) -> SignedIn:
        people = await self._directory.people(actor, [actor.user_id])
        return SignedIn(
            actor=actor,
            person=people[0],
            access_token=self._tokens.access(actor.user_id, actor.session_id),
            refresh_token=self._tokens.refresh(actor.session_id, counter),
            access_expires_in=self._tokens.access_seconds,
        )

    async def _keep_hash_current(self, user_id: str, held: str, password: str) -> None:
        if self._passwords.is_outdated(held):
            renewed = await self._passwords.hash(model.password_bytes(password))
            await self._writer.run(
                lambda tx: store.replace_password(tx, user_id, held, renewed), users=(user_id,)
            )


def _end_sessions_of_disabled(tx: Transaction, user_ids: Sequence[str]) -> None:
    for user_id in user_ids:
        sessions.end_all(tx, user_id, "disabled")


def _key_or_blank(login: str) -> str:
    """What nobody can sign in with is looked up like any unknown id."""
    try:
        return login_key(login)
    except Refused:
        return ""
