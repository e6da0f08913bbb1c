"""Brings the database's schema to this version's, and judges one that is of another version.

Old and new nodes work side by side while an installation is updated: a migration that only adds lets those of
before go on. Each migration says (`works_with`) which is the oldest version whose code can work over what it
leaves; the database keeps that, for nodes that do not know the migration.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from sendjay.storage.database import Database
from sendjay.storage.engines import patient_connection
from sendjay.storage.tables import installation
from sendjay.storage.upsert import insert_or_ignore

_OLDEST = "schema_works_with"
_SCRIPTS = Path(__file__).parent / "migrations"
_TURN = {
    "postgresql": "SELECT pg_advisory_xact_lock(7308895159)",
    "mysql": "SELECT GET_LOCK(CONCAT('sendjay.migrate.', DATABASE()), 600)",
}
"""One after the other, where several nodes start at once. It ends with the connection."""


class SchemaTooNew(Exception):
    """A later version has changed the schema in a way that this one cannot work with."""

    def __init__(self, revision: str) -> None:
        super().__init__(revision)
        self.revision = revision


def upgrade(database: Database) -> None:
    """Apply what is missing, in one transaction where the database can. Raises SchemaTooNew."""
    with patient_connection(database.url) as connection, connection.begin():
        turn = _TURN.get(connection.dialect.name)
        if turn is not None:
            connection.exec_driver_sql(turn)
        found = _revision(connection)
        if found is not None and found > head():
            if not fits(connection):
                raise SchemaTooNew(found)
            return
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        if found is not None and found != head():
            _keep_oldest(connection, _works_with())


def is_current(connection: sa.Connection) -> bool:
    """Is the schema exactly this version's?"""
    return _revision(connection) == head()


def fits(connection: sa.Connection) -> bool:
    """Can this version work over the schema? It is this version's, or a later one that leaves room for it."""
    found = _revision(connection)
    if found is None or found < head():
        return False
    if found == head():
        return True
    query = sa.select(installation.c.value).where(installation.c.name == _OLDEST)
    oldest = connection.execute(query).scalar()
    return oldest is not None and oldest <= head()


@cache
def head() -> str:
    """The revision of this version's schema; revisions sort by age."""
    # Asked at every /readyz, and found only by running all migration files.
    found = ScriptDirectory.from_config(_config()).get_current_head()
    assert found is not None
    return found


def _works_with() -> str:
    script = ScriptDirectory.from_config(_config()).get_revision(head())
    return getattr(script.module, "works_with", head())


def _revision(connection: sa.Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _keep_oldest(connection: sa.Connection, oldest: str) -> None:
    kept = connection.execute(
        sa.update(installation).where(installation.c.name == _OLDEST).values(value=oldest)
    )
    if not kept.rowcount:
        connection.execute(
            insert_or_ignore(connection.dialect, installation).values(name=_OLDEST, value=oldest)
        )


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    return config
