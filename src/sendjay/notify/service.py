"""Personal settings, the same on all of a person's devices; and the news for a badge."""

from __future__ import annotations

import sqlalchemy as sa

from sendjay.actor import Actor
from sendjay.notify import model, store
from sendjay.notify.model import SettingsEdit
from sendjay.protocol.errors import Code, Refused
from sendjay.protocol.events import MineChanged
from sendjay.protocol.objects import MySettings
from sendjay.protocol.replies import NewsAnswer
from sendjay.realtime.deliveries import ToUsers
from sendjay.rooms.service import news_of, raise_personal, require_session
from sendjay.storage.database import Database
from sendjay.storage.transaction import Transaction
from sendjay.storage.writer import Writer

__all__ = ["NotifyService", "changed_settings", "my_settings", "settings_now"]

NEWS_ROOMS = 5

my_settings = model.from_columns
"""What a row with the columns of `users` says of somebody's settings."""


class NotifyService:
    def __init__(self, database: Database, writer: Writer) -> None:
        self._database = database
        self._writer = writer

    async def settings(self, actor: Actor) -> MySettings:
        return await self._database.read(lambda connection: settings_now(connection, actor.user_id))

    async def edit_settings(self, actor: Actor, edit: SettingsEdit) -> MySettings:
        """All of my devices hear of it; what is as it was already is told to nobody."""

        def write(tx: Transaction) -> MySettings:
            require_session(tx, actor)
            held = settings_now(tx.connection, actor.user_id)
            settings = model.edited(held, edit)
            if settings == held:
                return held
            personal = raise_personal(tx, actor.user_id)
            store.put(tx, actor.user_id, model.to_columns(settings), personal)
            tx.publish(ToUsers((actor.user_id,), MineChanged(personal, settings=settings)))
            return settings

        return await self._writer.run(write, lane=actor.user_id, users=(actor.user_id,))

    async def news(self, actor: Actor, since: int) -> NewsAnswer:
        """What is unread in rooms that are not muted, and up to 5 of them with talks of others that are newer
        than `since` (milliseconds; 0: none of them).
        """
        return await self._database.read(
            lambda connection: NewsAnswer(*news_of(connection, actor.user_id, since, NEWS_ROOMS))
        )


def settings_now(connection: sa.Connection, user: str) -> MySettings:
    """Somebody's settings, within a read that has begun."""
    row = store.load(connection, user)
    if row is None:
        raise Refused(Code.NOT_FOUND)
    return model.from_columns(row)


def changed_settings(connection: sa.Connection, user: str, above: int) -> MySettings | None:
    """The same, if they were changed above a version of the person's own stream."""
    row = store.load(connection, user)
    return model.from_columns(row) if row is not None and row.settings_version > above else None
