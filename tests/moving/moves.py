"""`sendjay db move` as somebody types it."""

from __future__ import annotations

import subprocess
from pathlib import Path

from sendjay.storage.database import Database
from sendjay.storage.engines import patient_connection
from sendjay.storage.migrate import upgrade
from sendjay.storage.urls import parse_url
from tests.moving.odd_rows import Contents, contents_of, fill
from tests.serving import PROGRAM


def move(source: str, target: str) -> subprocess.CompletedProcess[str]:
    """It reads the target from standard input, as scripts do for the password in it."""
    command = [PROGRAM, "db", "move", "--from", source, "--to", "-"]
    return subprocess.run(command, input=target + "\n", capture_output=True, text=True, timeout=120)


def sqlite(file: Path) -> str:
    return f"sqlite:///{file}"


def install(url: str, contents: Contents) -> None:
    """An installation that holds this."""
    database = Database(url)
    try:
        upgrade(database)
        with database.writing_engine.connect() as connection, connection.begin():
            fill(connection, contents)
    finally:
        database.close()


def held(url: str) -> Contents:
    """What lies in a database, and nobody stays connected."""
    with patient_connection(parse_url(url)) as connection:
        return contents_of(connection)
