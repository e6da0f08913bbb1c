"""The migrations end at the tables that the code uses."""

from __future__ import annotations

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from sendjay.storage.database import Database
from sendjay.storage.migrate import upgrade
from sendjay.storage.tables import metadata


def test_a_migrated_database_has_exactly_the_tables_of_the_code(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'fresh.db'}")
    try:
        upgrade(database)
        differences = database.read_now(
            lambda connection: compare_metadata(MigrationContext.configure(connection), metadata)
        )
    finally:
        database.close()
    assert differences == []
