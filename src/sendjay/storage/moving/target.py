"""The database that an installation moves into: empty at first, closed to servers until all is there."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from sendjay.storage.database import what_the_driver_says
from sendjay.storage.moving.contents import Rows
from sendjay.storage.moving.refusal import MoveRefused
from sendjay.storage.tables import installation, metadata

UNFINISHED = "unfinished_move"
"""A row of this name in `installation` stands from the first copied row until everything was compared."""


def is_half_moved(connection: sa.Connection) -> bool:
    """Did a move into this database begin and not end? Needs the schema."""
    query = sa.select(installation.c.name).where(installation.c.name == UNFINISHED)
    return connection.execute(query).first() is not None


def make_empty(connection: sa.Connection) -> None:
    """Mark the move as begun; what an earlier try left is taken away. Needs the schema.

    Raises MoveRefused for a database that holds something else.
    """
    if is_half_moved(connection):
        _empty(connection)
        return
    filled = [table.name for table in metadata.sorted_tables if _holds_something(connection, table)]
    if filled:
        raise MoveRefused(
            f"The database to move into is not empty ({', '.join(filled[:3])}): it holds an installation "
            "already. Name an empty one; nothing is ever overwritten."
        )
    connection.execute(installation.insert().values(name=UNFINISHED, value=""))


def insert(connection: sa.Connection, table: sa.Table, rows: Rows) -> None:
    """Write and commit them. Raises MoveRefused where this database does not take one of them."""
    names = [column.name for column in table.columns]
    keys = [column.name for column in table.primary_key.columns]
    values: list[dict[str, Any]] = [dict(zip(names, row, strict=True)) for row in rows]
    try:
        with connection.begin():
            connection.execute(table.insert(), values)
    except DBAPIError as error:
        first, last = ("/".join(str(row[key]) for key in keys) for row in (values[0], values[-1]))
        raise MoveRefused(f"{table.name}, rows {first} to {last}: {what_the_driver_says(error)}") from error


def go_on_numbering(connection: sa.Connection) -> None:
    """The next number that this database gives by itself comes after all that were copied."""
    if connection.dialect.name != "postgresql":
        # The others look at what is there.
        return
    for table in metadata.sorted_tables:
        column = table.autoincrement_column
        if column is not None:
            last = sa.select(sa.func.max(column)).scalar_subquery()
            sequence = sa.func.pg_get_serial_sequence(table.name, column.name)
            connection.execute(
                sa.select(sa.func.setval(sequence, sa.func.coalesce(last, 1), last.is_not(None)))
            )


def release(connection: sa.Connection) -> None:
    """The move has ended: a server may start."""
    connection.execute(installation.delete().where(installation.c.name == UNFINISHED))


def _holds_something(connection: sa.Connection, table: sa.Table) -> bool:
    return connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first() is not None


def _empty(connection: sa.Connection) -> None:
    # SQLite knows no TRUNCATE, and its DELETE of all rows is one.
    words = "DELETE FROM" if connection.dialect.name == "sqlite" else "TRUNCATE TABLE"
    for table in reversed(metadata.sorted_tables):
        if table is installation:
            connection.execute(installation.delete().where(installation.c.name != UNFINISHED))
        else:
            connection.exec_driver_sql(f"{words} {table.name}")
