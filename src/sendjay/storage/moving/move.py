"""The move itself: every table, row by row, then a second look at what has arrived.

Only the target is written to. A move that breaks off leaves a target that no server starts on; the next try
empties it and begins anew.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import sqlalchemy as sa

from sendjay.storage.database import Database
from sendjay.storage.durability import dangers
from sendjay.storage.engines import patient_connection
from sendjay.storage.migrate import SchemaTooNew, is_current, upgrade
from sendjay.storage.moving import target as targets
from sendjay.storage.moving.contents import Contents, count, rows_of
from sendjay.storage.moving.refusal import MoveRefused
from sendjay.storage.moving.source import opened_alone, refuse_company
from sendjay.storage.tables import installation, metadata


class Moved(NamedTuple):
    tables: int
    rows: int


Progress = Callable[[str, str, int, int], None]
"""What is being done (copy, compare), with which table, and how many of all its rows are behind us."""


def move(source_url: sa.URL, target: Database, progress: Progress) -> Moved:
    """Copy everything and compare it. Raises MoveRefused, and SQLAlchemy's errors where a database fails."""
    if _are_the_same(source_url, target.url):
        raise MoveRefused("The database to move into is the one to move from.")
    with opened_alone(source_url) as source:
        if not sa.inspect(source).has_table(installation.name):
            raise MoveRefused("There is no installation in the database to move from.")
        if not is_current(source):
            raise MoveRefused(
                "The database to move from has another version's schema. Start this version's server on it "
                "once, stop it, then move."
            )
        if targets.is_half_moved(source):
            raise MoveRefused("The database to move from is itself the target of a move that did not end.")
        for danger in target.read_now(dangers):
            raise MoveRefused(f"The database to move into cannot be used: {danger}")
        _bring_up_to_date(target)
        with patient_connection(target.url) as writing:
            with writing.begin():
                targets.make_empty(writing)
            copied = _copy(source, writing, progress)
            _compare(copied, writing, progress)
            refuse_company(source)
            with writing.begin():
                targets.release(writing)
    return Moved(len(copied), sum(each.rows for each in copied.values()))


def _bring_up_to_date(target: Database) -> None:
    try:
        upgrade(target)
        is_ours = target.read_now(is_current)
    except SchemaTooNew:
        is_ours = False
    if not is_ours:
        raise MoveRefused("The database to move into has a later version's schema. Move with that version.")


def _copy(source: sa.Connection, target: sa.Connection, progress: Progress) -> dict[str, Contents]:
    copied: dict[str, Contents] = {}
    for table in metadata.sorted_tables:
        contents, total = Contents(), count(source, table)
        progress("copy", table.name, 0, total)
        for rows in rows_of(source, table):
            targets.insert(target, table, rows)
            contents = contents.and_also(rows)
            progress("copy", table.name, contents.rows, total)
        copied[table.name] = contents
    with target.begin():
        targets.go_on_numbering(target)
    return copied


def _compare(copied: dict[str, Contents], target: sa.Connection, progress: Progress) -> None:
    for table in metadata.sorted_tables:
        wanted, contents = copied[table.name], Contents()
        without = targets.UNFINISHED if table is installation else ""
        with target.begin():
            for rows in rows_of(target, table, without=without):
                contents = contents.and_also(rows)
                progress("compare", table.name, contents.rows, wanted.rows)
        if contents != wanted:
            raise MoveRefused(
                f"{table.name} is not the same in both databases ({wanted.rows} rows there, "
                f"{contents.rows} here). Move again; if that does not help, please report it."
            )


def _are_the_same(one: sa.URL, other: sa.URL) -> bool:
    def place(url: sa.URL) -> tuple[object, ...]:
        return url.get_backend_name(), url.host, url.port, url.database

    return place(one) == place(other)
