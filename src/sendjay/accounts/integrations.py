"""Tokens of hosts' servers: made and ended by the administrator, each allowing no more than it names."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence

from msgspec import Struct

from sendjay.accounts import integration_store as store
from sendjay.actor import Integration
from sendjay.protocol.errors import Code, Refused
from sendjay.storage.database import Database
from sendjay.storage.ids import new_id
from sendjay.storage.writer import Writer

PREFIX = "sji_"
LENGTH_MOST = 200
_SCOPE = re.compile(r"(items|deals)(:[!-+\--~]{1,64})?")


class IntegrationToken(Struct, frozen=True):
    """What is known of one; the token itself is nowhere."""

    id: str
    name: str
    scopes: list[str]
    created_at: int
    ended: bool


class Integrations:
    def __init__(self, database: Database, writer: Writer) -> None:
        self._database = database
        self._writer = writer

    async def add(self, name: str, scopes: Sequence[str]) -> str:
        """A new token, told this once. Raises Refused(INVALID)."""
        for scope in scopes:
            if not _SCOPE.fullmatch(scope):
                raise Refused(
                    Code.INVALID, f"{scope!r} is no scope: items, items:KIND, deals or deals:STATE."
                )
        if not scopes or not name or len(name) > 100 or len(",".join(scopes)) > 1000:
            raise Refused(Code.INVALID, "A token has a name, and one scope at least.")
        token_id, secret = new_id(), secrets.token_urlsafe(32)
        row = {"token_id": token_id, "name": name, "scopes": ",".join(scopes), "digest": _digest(secret)}
        await self._writer.run(lambda tx: store.insert_token(tx, row))
        return f"{PREFIX}{token_id}_{secret}"

    async def end(self, token_id: str) -> None:
        """Nobody calls with it from now on. Raises Refused(NOT_FOUND)."""
        if not await self._writer.run(lambda tx: store.end_token(tx, token_id)):
            raise Refused(Code.NOT_FOUND, f"There is no token {token_id}.")

    async def all(self) -> list[IntegrationToken]:
        return [
            IntegrationToken(
                row.token_id, row.name, row.scopes.split(","), row.created_at, ended=bool(row.ended_at)
            )
            for row in await self._database.read(store.all_tokens)
        ]

    async def verify(self, token: str) -> Integration:
        """Raises Refused(UNAUTHORIZED)."""
        token_id, _, secret = token.removeprefix(PREFIX).partition("_")
        if not token.startswith(PREFIX) or len(token) > LENGTH_MOST or not token.isascii():
            raise Refused(Code.UNAUTHORIZED)
        row = await self._database.read(lambda connection: store.load_token(connection, token_id))
        if row is None or row.ended_at or not hmac.compare_digest(row.digest, _digest(secret)):
            raise Refused(Code.UNAUTHORIZED)
        return Integration(token_id, tuple(row.scopes.split(",")))


def _digest(secret: str) -> str:
    # Random and long: a slow hash would protect nothing more.
    return hashlib.sha256(secret.encode()).hexdigest()
