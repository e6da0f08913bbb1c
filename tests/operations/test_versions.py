"""Old and new versions over one schema: side by side where the newer one leaves room, else never."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory

from sendjay.storage import migrate
from sendjay.storage.database import Database
from sendjay.storage.tables import installation
from tests.clients import SocketClient
from tests.nursery import run_program
from tests.serving import Office

LATER = "9000"
ONE_THAT_ONLY_ADDS = ("0003", "0002")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path, 2)
    yield office
    if office.is_alive():
        office.stop()


def update_schema(office: Office, works_with: str) -> None:
    """What a later version's migration leaves behind."""
    with sqlite3.connect(office.data / "sendjay.db", timeout=10) as database:
        database.execute("UPDATE alembic_version SET version_num = ?", (LATER,))
        database.execute("INSERT OR REPLACE INTO installation VALUES ('schema_works_with', ?)", (works_with,))
    database.close()


def readiness(office: Office) -> tuple[int, list[str]]:
    with office.rest() as rest:
        answer = rest.get("/readyz")
    return answer.status_code, answer.json()["problems"]


async def test_a_node_goes_on_and_starts_again_over_a_later_schema_that_leaves_room(office: Office) -> None:
    office.start()
    update_schema(office, works_with=migrate.head())
    assert readiness(office) == (200, [])
    office.stop()
    office.start()
    one, two = office.people
    async with await SocketClient.connect(office, one) as client:
        assert await client.send(await client.create(two), "beside a later version")
    assert office.rows("SELECT version_num FROM alembic_version") == [(LATER,)]


def test_a_node_over_a_schema_that_it_cannot_work_with_is_not_ready_and_does_not_start(
    office: Office,
) -> None:
    office.start()
    update_schema(office, works_with=LATER)
    status, problems = readiness(office)
    assert status == 503
    assert "cannot work with" in problems[0]
    office.stop()
    environment = {"SENDJAY_DATA_DIR": str(office.data), "SENDJAY_PORT": "0"}
    refused = run_program("serve", env=environment, cwd=office.data)
    assert refused.returncode == 1
    assert re.search(r"schema to 9000, and this one knows \d+ at most\. Update this node", refused.stderr)
    assert "Traceback" not in refused.stderr
    assert office.rows("SELECT version_num FROM alembic_version") == [(LATER,)]


def scripts() -> list[tuple[str, str]]:
    """Each migration's revision, and the oldest version that it says can work over what it leaves."""
    found = ScriptDirectory.from_config(migrate._config()).walk_revisions()
    return [(each.revision, getattr(each.module, "works_with", each.revision)) for each in found]


def columns_at(folder: Path, revision: str) -> dict[tuple[str, str], dict[str, object]]:
    database = Database(f"sqlite:///{folder / f'{revision}.db'}")
    try:
        with database.writing_engine.connect() as connection, connection.begin():
            config = migrate._config()
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
        with database.engine.connect() as connection:
            inspector = sa.inspect(connection)
            return {
                (table, column["name"]): {**column, "type": str(column["type"])}
                for table in inspector.get_table_names()
                for column in inspector.get_columns(table)
            }
    finally:
        database.close()


def test_who_brings_a_schema_up_to_date_keeps_who_can_work_beside_it(tmp_path: Path) -> None:
    columns_at(tmp_path, "0001")
    database = Database(f"sqlite:///{tmp_path / '0001.db'}")
    try:
        migrate.upgrade(database)
        with database.engine.connect() as connection:
            query = sa.select(installation.c.value).where(installation.c.name == "schema_works_with")
            assert connection.execute(query).scalar() == dict(scripts())[migrate.head()]
    finally:
        database.close()


@pytest.mark.parametrize(("revision", "works_with"), [*scripts(), ONE_THAT_ONLY_ADDS])
def test_a_migration_only_adds_to_what_the_versions_know_that_are_to_work_beside_it(
    tmp_path: Path, revision: str, works_with: str
) -> None:
    assert works_with <= revision
    known, now = columns_at(tmp_path, works_with), columns_at(tmp_path, revision)
    tables = {table for table, _ in known}
    for place, column in known.items():
        assert now.get(place) == column, f"{place} is gone, or is another one now"
    for (table, name), column in now.items():
        if table in tables and (table, name) not in known:
            # They insert rows without it.
            assert column["nullable"] or column["default"] is not None, f"{table}.{name} must be given"
