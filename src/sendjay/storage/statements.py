"""Statements of the hot path: compiled once to the driver's text, and run on the driver's own cursor.

What SQLAlchemy adds to each execution costs more than a lookup in SQLite does. Errors are the driver's
own here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, TypeVar

import msgspec
import sqlalchemy as sa
from sqlalchemy.sql.compiler import SQLCompiler

from sendjay.storage.measures import STATEMENTS


def open_cursor(connection: sa.Connection) -> Any:
    """A cursor of the driver (PEP 249) for one statement, within the connection's transaction."""
    STATEMENTS.inc()
    driver: Any = connection.connection.dbapi_connection
    return driver.cursor()


class NumberedRow(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """An answer to a wanted row; its other fields are the query's columns, in their order."""

    position: int


R = TypeVar("R", bound=NumberedRow)


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
    """One query, prepared in the words of whichever database it is run on; it may be made for each."""

    __slots__ = ("_prepared", "_query")

    def __init__(self, query: sa.Executable | Callable[[sa.Dialect], sa.Executable]) -> None:
        self._query = query
        self._prepared: dict[str, Prepared] = {}

    def one(self, connection: sa.Connection, parameters: dict[str, Any]) -> tuple[Any, ...] | None:
        """The first row."""
        dialect = connection.dialect
        prepared = self._prepared.get(dialect.name)
        if prepared is None:
            query = self._query(dialect) if callable(self._query) else self._query
            prepared = self._prepared[dialect.name] = Prepared(query, dialect)
        return prepared.one(connection, parameters)


class ManyRows:
    """One statement over a list of rows, `{values}` in its text, prepared for lists of 1, 2, 4 …
    `largest` rows.

    However many rows it has, the driver takes one step: it lets go of the interpreter's lock once, and
    waits for
    it once, where one execution for each row would wait each time.
    """

    __slots__ = ("_columns", "_marker", "_text", "_texts", "largest")

    def __init__(self, text: str, columns: int, dialect: sa.Dialect, largest: int = 64) -> None:
        self._text = text
        self._columns = columns
        self._marker = "?" if dialect.paramstyle == "qmark" else "%s"
        self._texts: dict[int, str] = {}
        self.largest = largest

    def run(self, connection: sa.Connection, rows: Sequence[tuple[Any, ...]]) -> None:
        """Once over all rows, in as few pieces as there are prepared sizes for."""
        cursor = open_cursor(connection)
        start = 0
        while start < len(rows):
            size = min(self.largest, 1 << ((len(rows) - start).bit_length() - 1))
            cursor.execute(self.sized(size), _flat(rows[start : start + size]))
            start += size

    def sized(self, size: int) -> str:
        """The text for so many rows."""
        text = self._texts.get(size)
        if text is None:
            row = "(" + ",".join([self._marker] * self._columns) + ")"
            text = self._texts[size] = self._text.replace("{values}", ",".join([row] * size))
        return text


class RowLookup(Generic[R]):
    """A query over a list of wanted rows (`WITH wanted AS (VALUES …)`) that answers with one JSON list of
    lists.

    The first column of each wanted row numbers it and comes back first in its answer. A shorter list is
    filled
    up with its last row, so that only a few texts are ever prepared.
    """

    __slots__ = ("_decode", "_statement")

    def __init__(self, query: str, columns: int, row: type[R], dialect: sa.Dialect) -> None:
        self._statement = ManyRows(query, columns, dialect, largest=128)
        self._decode = msgspec.json.Decoder(list[row]).decode

    def run(self, connection: sa.Connection, rows: Sequence[tuple[Any, ...]]) -> list[R]:
        """An answer for each wanted row, in their order."""
        cursor = open_cursor(connection)
        found: list[R] = []
        largest = self._statement.largest
        for start in range(0, len(rows), largest):
            part = list(rows[start : start + largest])
            size = 1 << (len(part) - 1).bit_length()
            part += [(-1, *part[-1][1:])] * (size - len(part))
            cursor.execute(self._statement.sized(size), _flat(part))
            found.extend(self._decode(cursor.fetchone()[0]))
        return sorted((row for row in found if row.position >= 0), key=lambda row: row.position)


def _flat(rows: Sequence[tuple[Any, ...]]) -> tuple[Any, ...]:
    return tuple([value for row in rows for value in row])
