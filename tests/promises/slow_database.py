"""A database that another program holds: whoever wants to write waits until it lets go."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import sqlalchemy as sa

from sendjay.settings import Settings
from sendjay.storage import tables
from sendjay.storage.engines import Use, create_engine
from sendjay.storage.urls import parse_url

HOLDS_AS_LONG_AS_IT_LIKES = {
    "postgresql": "SET idle_in_transaction_session_timeout = 0",
    "mysql": "SET SESSION idle_transaction_timeout = 0",
    "mariadb": "SET SESSION idle_transaction_timeout = 0",
}
"""Ours would be cut off after a few seconds, which on a busy machine may pass before the test has looked."""


class Holdable(Protocol):
    """A server, or a node within the test."""

    def settings(self) -> Settings: ...


@contextmanager
def held(server: Holdable, room: str = "") -> Iterator[None]:
    """Meanwhile no room and nobody's own can be changed in the database of this server, or only this room
    cannot; reading goes on.
    """
    engine = create_engine(parse_url(server.settings().database), Use.WRITING)
    try:
        with engine.connect() as connection, connection.begin():
            # SQLite is held as a whole already.
            if connection.dialect.name != "sqlite":
                connection.exec_driver_sql(HOLDS_AS_LONG_AS_IT_LIKES[connection.dialect.name])
                rooms = sa.select(tables.rooms.c.room_id)
                if room:
                    rooms = rooms.where(tables.rooms.c.room_id == room)
                connection.execute(rooms.with_for_update()).all()
                if not room:
                    connection.execute(sa.select(tables.users.c.user_id).with_for_update()).all()
            yield
    finally:
        engine.dispose()
