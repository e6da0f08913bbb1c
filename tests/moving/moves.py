"""`sendjay db move` as somebody types it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from typer.testing import CliRunner

from sendjay.cli import build
from sendjay.storage.database import Database
from sendjay.storage.engines import patient_connection
from sendjay.storage.migrate import upgrade
from sendjay.storage.urls import parse_url
from tests.moving.odd_rows import Contents, contents_of, fill


class Move(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


def move(source: str, target: str) -> Move:
    """The whole command within this process: most of a command's time is its start. It reads the target from
    standard input, as scripts do for the password in it.
    """
    words = ["db", "move", "--from", source, "--to", "-"]
    ended = CliRunner().invoke(build(), words, input=f"{target}\n")
    return Move(ended.exit_code, ended.stdout, ended.stderr)


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
