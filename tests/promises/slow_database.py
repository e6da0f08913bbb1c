"""A database that another program holds: whoever wants to write waits until it lets go."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sendjay.storage.engines import Use, create_engine
from sendjay.storage.urls import parse_url
from tests.serving import Server


@contextmanager
def held(server: Server) -> Iterator[None]:
    """No room and nobody's own can be changed in the database of this server meanwhile; reading goes on."""
    engine = create_engine(parse_url(server.settings().database), Use.WRITING)
    try:
        with engine.connect() as connection, connection.begin():
            # SQLite is held as a whole already.
            if connection.dialect.name != "sqlite":
                connection.exec_driver_sql("SELECT 1 FROM rooms FOR UPDATE").all()
                connection.exec_driver_sql("SELECT 1 FROM users FOR UPDATE").all()
            yield
    finally:
        engine.dispose()
