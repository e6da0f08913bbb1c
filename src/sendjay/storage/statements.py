"""Statements of the hot path: compiled once to the driver's text, and run on the driver's own cursor.

What SQLAlchemy adds to each execution costs more than a lookup in SQLite does. Errors are the driver's
own here.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.compiler import SQLCompiler

from sendjay.storage.measures import STATEMENTS


def open_cursor(connection: sa.Connection) -> Any:
    """A cursor of the driver (PEP 249) for one statement, within the connection's transaction."""
    STATEMENTS.inc()
    driver: Any = connection.connection.dbapi_connection
    return driver.cursor()


class Prepared:
    """One statement in one dialect's own words. Parameters are given by name."""

    __slots__ = ("_constants", "_names", "text")

    def __init__(self, statement: sa.Executable, dialect: sa.Dialect) -> None:
        compiled = statement.compile(dialect=dialect)  # pyright: ignore[reportAttributeAccessIssue]
        assert isinstance(compiled, SQLCompiler)
        self.text = str(compiled)
        self._names = tuple(compiled.positiontup) if compiled.positiontup is not None else None
        self._constants = {name: value for name, value in compiled.params.items() if value is not None}

    def one(self, connection: sa.Connection, parameters: dict[str, Any]) -> tuple[Any, ...] | None:
        """The first row."""
        cursor = open_cursor(connection)
        cursor.execute(self.text, self._bind(parameters))
        return cursor.fetchone()

    def all(self, connection: sa.Connection, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
        """Every row."""
        cursor = open_cursor(connection)
        cursor.execute(self.text, self._bind(parameters))
        return list(cursor.fetchall())

    def _bind(self, parameters: dict[str, Any]) -> Any:
        names = self._names
        if self._constants:
            parameters = self._constants | parameters
        return parameters if names is None else tuple([parameters[name] for name in names])


class PreparedRow:
    """A query of at most one row of one table, given as an object with the columns' names."""

    __slots__ = ("_query", "_row")

    def __init__(self, table: sa.Table, condition: sa.ColumnElement[bool]) -> None:
        self._query = PreparedQuery(sa.select(table).where(condition))
        # Columns are few and stay: made once, not for each row as the driver's result would.
        names = [column.name for column in table.c]
        self._row: Any = namedtuple(table.name, names)  # pyright: ignore[reportUntypedNamedTuple]

    def find(self, connection: sa.Connection, parameters: dict[str, Any]) -> Any:
        """None where there is none."""
        found = self._query.one(connection, parameters)
        return None if found is None else self._row._make(found)


class PreparedQuery:
    """One query, prepared in the words of whichever database it is run on; it may be made for each."""

    __slots__ = ("_prepared", "_query")

    def __init__(self, query: sa.Executable | Callable[[sa.Dialect], sa.Executable]) -> None:
        self._query = query
        self._prepared: dict[str, Prepared] = {}

    def one(self, connection: sa.Connection, parameters: dict[str, Any]) -> tuple[Any, ...] | None:
        """The first row."""
        return self._in_words_of(connection.dialect).one(connection, parameters)

    def all(self, connection: sa.Connection, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
        """Every row."""
        return self._in_words_of(connection.dialect).all(connection, parameters)

    def _in_words_of(self, dialect: sa.Dialect) -> Prepared:
        prepared = self._prepared.get(dialect.name)
        if prepared is None:
            query = self._query(dialect) if callable(self._query) else self._query
            prepared = self._prepared[dialect.name] = Prepared(query, dialect)
        return prepared
