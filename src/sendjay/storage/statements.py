"""Statements of the hot path: compiled once to the driver's text, and run on the driver's own cursor.

What SQLAlchemy adds to each execution costs more than a lookup in SQLite does. Errors are the driver's
own here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.compiler import SQLCompiler


def open_cursor(connection: sa.Connection) -> Any:
    """A cursor of the driver (PEP 249), within the connection's transaction."""
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

    def run_many(self, connection: sa.Connection, rows: Iterable[dict[str, Any]]) -> None:
        """Once for each row, in one call of the driver."""
        bound = [self._bind(row) for row in rows]
        if bound:
            open_cursor(connection).executemany(self.text, bound)

    def _bind(self, parameters: dict[str, Any]) -> Any:
        names = self._names
        if self._constants:
            parameters = self._constants | parameters
        return parameters if names is None else tuple([parameters[name] for name in names])


class PreparedQuery:
    """One query, prepared in the words of whichever database it is run on."""

    __slots__ = ("_prepared", "_query")

    def __init__(self, query: sa.Executable) -> None:
        self._query = query
        self._prepared: dict[str, Prepared] = {}

    def one(self, connection: sa.Connection, parameters: dict[str, Any]) -> tuple[Any, ...] | None:
        """The first row."""
        dialect = connection.dialect
        prepared = self._prepared.get(dialect.name)
        if prepared is None:
            prepared = self._prepared[dialect.name] = Prepared(self._query, dialect)
        return prepared.one(connection, parameters)


class RowLookup:
    """A query over a list of wanted rows (`WITH wanted AS (VALUES …)`), prepared for lists of growing sizes.

    `query` is the driver-independent text with `{values}` where the rows go; a shorter list is filled up with
    its last row, so that only a few texts are ever prepared. Rows of at most `largest` are asked at once.
    """

    __slots__ = ("_columns", "_marker", "_query", "_texts", "largest")

    def __init__(self, query: str, columns: int, dialect: sa.Dialect, largest: int = 128) -> None:
        self._query = query
        self._columns = columns
        self._marker = "?" if dialect.paramstyle == "qmark" else "%s"
        self._texts: dict[int, str] = {}
        self.largest = largest

    def run(self, connection: sa.Connection, rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """All answers; the first column of each wanted row should number it."""
        cursor = open_cursor(connection)
        found: list[tuple[Any, ...]] = []
        for start in range(0, len(rows), self.largest):
            part = rows[start : start + self.largest]
            size = 1 << (len(part) - 1).bit_length()
            filler = (-1, *part[-1][1:])
            parameters: list[Any] = []
            for row in part:
                parameters.extend(row)
            for _ in range(size - len(part)):
                parameters.extend(filler)
            cursor.execute(self._text(size), tuple(parameters))
            found.extend(answer for answer in cursor.fetchall() if answer[0] != -1)
        return found

    def _text(self, size: int) -> str:
        text = self._texts.get(size)
        if text is None:
            row = "(" + ",".join([self._marker] * self._columns) + ")"
            text = self._texts[size] = self._query.replace("{values}", ",".join([row] * size))
        return text
