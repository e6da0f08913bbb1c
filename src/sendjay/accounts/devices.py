"""My devices: where I am signed in, and signing one of them out that was lost."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from sendjay.accounts import sessions, store
from sendjay.accounts.model import DEVICE_REMOVED, SignedInDevice
from sendjay.actor import Actor
from sendjay.protocol.errors import Code, Refused
from sendjay.storage.database import Database
from sendjay.storage.transaction import Transaction
from sendjay.storage.writer import Writer


class Devices:
    """Somebody's live sessions, as they see them."""

    def __init__(self, database: Database, writer: Writer) -> None:
        self._database = database
        self._writer = writer

    async def all(self, actor: Actor, connected: Collection[str]) -> list[SignedInDevice]:
        """The newest sign-in first; `connected`: the person's sessions that have a connection now."""

        def read(connection: sa.Connection) -> list[SignedInDevice]:
            now = self._database.clock(connection)
            return [
                _device(row, actor, now, connected=row.session_id in connected)
                for row in store.devices(connection, actor.user_id, now)
            ]

        return await self._database.read(read)

    async def remove(self, actor: Actor, session_id: str) -> None:
        """Sign one of my devices out; what it keeps of me is wiped at its next contact. Raises Refused for
        a session that is not mine or lives no longer.
        """

        def write(tx: Transaction) -> None:
            _require_session(tx, actor)
            row = store.load_session(tx.connection, session_id, tx.now)
            if row is None or row.user_id != actor.user_id:
                raise Refused(Code.NOT_FOUND)
            handed = sessions.handed_off(tx, actor.user_id, session_id)
            # Whoever sits in such a window is not lost.
            lost = [session_id, *(each for each in handed if each != actor.session_id)]
            sessions.end(tx, actor.user_id, lost, DEVICE_REMOVED)
            store.log_activity(tx, actor.user_id, "sign_out", row.device_kind, DEVICE_REMOVED)

        await self._writer.run(write, users=(actor.user_id,))

    async def remove_others(self, actor: Actor) -> None:
        """The same for all of my devices but this one."""

        def write(tx: Transaction) -> None:
            _require_session(tx, actor)
            sessions.end_all(tx, actor.user_id, DEVICE_REMOVED, keep=actor.session_id)

        await self._writer.run(write, users=(actor.user_id,))


def _require_session(tx: Transaction, actor: Actor) -> None:
    # A device that has just been removed must not remove those that removed it.
    if store.load_session(tx.connection, actor.session_id, tx.now) is None:
        raise Refused(Code.UNAUTHORIZED)


def _device(row: Any, actor: Actor, now: int, *, connected: bool) -> SignedInDevice:
    return SignedInDevice(
        id=row.session_id,
        kind=row.device_kind,
        name=row.device_name,
        address=row.address,
        created_at=row.created_at,
        seen_at=now if connected else row.seen_at,
        current=row.session_id == actor.session_id,
        connected=connected,
    )
