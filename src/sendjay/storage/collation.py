"""Texts are the same on every database: any character, kept whole, compared byte by byte, blanks included.

SQLite does so by itself. The others would go by the language that the server was set up with: 'Kim' and
'kim', or two spellings of 한글, would be one id.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects import mysql

from sendjay.storage.engines import mysql_collation


@contextmanager
def binary_texts(dialect: sa.Dialect) -> Generator[None]:
    """Tables and columns that are made meanwhile are of that kind; a migration says nothing of it."""
    is_mysql = dialect.name == "mysql"
    collation = mysql_collation(is_mariadb=getattr(dialect, "is_mariadb", False))

    def column_made(column: sa.Column[Any], _table: sa.Table) -> None:
        if not isinstance(column.type, sa.String):
            return
        if dialect.name == "postgresql":
            column.type = type(column.type)(column.type.length, collation="C")
        elif is_mysql and isinstance(column.type, sa.Text):
            # TEXT ends at 64 KB.
            column.type = mysql.MEDIUMTEXT(charset="utf8mb4", collation=collation)
        elif is_mysql:
            column.type = mysql.VARCHAR(column.type.length, charset="utf8mb4", collation=collation)

    def table_made(table: sa.Table, *_: object, **__: object) -> None:
        table.dialect_options["mysql"]._non_defaults.update(  # pyright: ignore[reportPrivateUsage]
            engine="InnoDB", charset="utf8mb4", collate=collation
        )

    event.listen(sa.Column, "after_parent_attach", column_made)
    event.listen(sa.Table, "before_create", table_made)
    try:
        yield
    finally:
        event.remove(sa.Column, "after_parent_attach", column_made)
        event.remove(sa.Table, "before_create", table_made)
