"""The accounts themselves: added, given a password, disabled; by an administrator or by sign-up."""

from __future__ import annotations

from typing import NamedTuple

from sendjay.accounts import model, sessions, store
from sendjay.accounts.model import AccountSummary, NewAccount
from sendjay.accounts.passwords import Passwords
from sendjay.actor import Actor
from sendjay.directory.service import DirectoryService, UserEntry, is_id, login_key
from sendjay.protocol.errors import Code, Refused
from sendjay.settings import Settings
from sendjay.storage.database import Database
from sendjay.storage.ids import new_id
from sendjay.storage.transaction import Transaction
from sendjay.storage.writer import Writer


class Added(NamedTuple):
    user_id: str
    password_hash: str


class AccountRegister:
    def __init__(
        self,
        database: Database,
        writer: Writer,
        settings: Settings,
        directory: DirectoryService,
        passwords: Passwords,
    ) -> None:
        self._database = database
        self._writer = writer
        self._settings = settings
        self._directory = directory
        self._passwords = passwords

    async def add(self, account: NewAccount) -> Added:
        """Raises Refused: the login is taken, or something in it is not as it must be."""
        password_hash = await self._hash(account.password)

        def write(tx: Transaction) -> Added:
            user_id = _free_id(tx, account.login)
            entry = UserEntry(
                user_id,
                login=account.login,
                name=account.name,
                kind=account.kind,
                org=account.org,
                source="account",
            )
            self._directory.write_users(tx, [entry], account.by)
            store.put_password(tx, user_id, password_hash)
            return Added(user_id, password_hash)

        return await self._writer.run(write)

    async def reset_password(self, login: str, password: str) -> None:
        """Whoever signs in by this id has a new password; all their sessions end."""
        user_id = await self._user_id(login)
        await self.set_password(user_id, password, "password_reset")

    async def set_password(self, user_id: str, password: str, reason: str) -> None:
        """Whatever it was before; the person's sessions end. Raises Refused for one that is too short."""
        password_hash = await self._hash(password)

        def write(tx: Transaction) -> None:
            store.put_password(tx, user_id, password_hash)
            sessions.end_all(tx, user_id, reason)

        await self._writer.run(write, users=(user_id,))

    async def change_password(self, actor: Actor, held: str, password: str) -> None:
        """Their own password, where `held` is still the hash of the one they proved to know, and their
        session lives: a reset meanwhile wins. Ends the person's other sessions.
        """
        password_hash = await self._hash(password)

        def write(tx: Transaction) -> None:
            if store.session_for_refresh(tx, actor.session_id) is None:
                raise Refused(Code.UNAUTHORIZED)
            if not store.replace_password(tx, actor.user_id, held, password_hash):
                raise Refused(Code.WRONG_PASSWORD)
            sessions.end_all(tx, actor.user_id, "password_changed", keep=actor.session_id)

        await self._writer.run(write, users=(actor.user_id,))

    async def set_disabled(self, login: str, disabled: bool, by: str = "") -> None:
        """A disabled person's sessions end, and no new ones begin."""
        user_id = await self._user_id(login)
        await self._directory.upsert_users([UserEntry(user_id, disabled=disabled)], by)

    async def all(self) -> list[AccountSummary]:
        """Everybody, by id."""
        return [
            AccountSummary(
                user_id=row.user_id,
                login=row.login_key,
                name=row.name,
                kind=row.kind,
                org_name=row.org_name,
                disabled=bool(row.disabled),
                has_password=bool(row.has_password),
            )
            for row in await self._database.read(store.accounts)
        ]

    async def _hash(self, password: str) -> str:
        return await self._passwords.hash(
            model.check_new_password(password, self._settings.password_min_length)
        )

    async def _user_id(self, login: str) -> str:
        key = login_key(login)
        account = await self._database.read(lambda connection: store.account_by_login(connection, key))
        if account is None:
            raise Refused(Code.NOT_FOUND, f"Nobody signs in as {login}.")
        return account.user_id


def _free_id(tx: Transaction, login: str) -> str:
    """The login itself where it can be an id and is nobody's yet."""
    key = login_key(login)
    is_login = store.account_by_login(tx.connection, key) is not None
    # A portal may name people by their user ids too: what is one person's must not lead to another.
    if is_login or store.is_a_user_id(tx.connection, login, key):
        raise Refused(Code.CONFLICT, "Somebody else has this id already. Please choose another.")
    return login if is_id(login) else new_id()
