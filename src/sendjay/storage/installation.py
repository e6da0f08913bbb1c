"""What belongs to an installation as a whole, and is agreed upon by all its nodes."""

from __future__ import annotations

import secrets

import sqlalchemy as sa

from sendjay.storage.database import Database
from sendjay.storage.tables import installation
from sendjay.storage.upsert import insert_or_ignore


def agreed_value(database: Database, name: str, value: str) -> str:
    """The first `value` ever offered under this name, also if several nodes ask at once."""
    with database.writing_engine.connect() as connection, connection.begin():
        insert = insert_or_ignore(database.dialect, installation)
        connection.execute(insert.values(name=name, value=value))
        query = sa.select(installation.c.value).where(installation.c.name == name)
        return connection.execute(query).scalar_one()


def installation_id(database: Database) -> str:
    """Made at the first use; a copy of the database has the same."""
    return agreed_value(database, "installation_id", secrets.token_hex(6))
