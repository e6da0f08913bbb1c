"""Queries whose whole result comes as one JSON text, built by the database.

A driver steps row by row and takes the interpreter's lock again at each step: with several readers that is
most of the time of a list. One row of JSON is decoded in one go, straight into typed rows.
"""

from __future__ import annotations

from typing import Any, Generic, TypeVar

import msgspec
import sqlalchemy as sa

from sendjay.storage.statements import Prepared
from sendjay.storage.words import words_of


class JsonRow(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """A row: its fields are the query's columns, in their order."""


R = TypeVar("R", bound=JsonRow)


def whole_of(
    query: sa.Select[*tuple[Any, ...]], dialect: sa.Dialect, *, numbered: bool = False
) -> sa.Select[*tuple[Any, ...]]:
    """The query of one text, a list of lists. `numbered`: each is its first column and a list of the rest."""
    rows = query.subquery("found")
    words = words_of(dialect)
    array_of, list_of = getattr(sa.func, words.array_of), getattr(sa.func, words.list_of)
    first, *others = rows.c
    whole = list_of(array_of(first, array_of(*others)) if numbered else array_of(*rows.c))
    return sa.select(sa.cast(whole, sa.Text) if words.driver_decodes_json else whole)


class JsonRows(Generic[R]):
    """One query and the type of its rows. Columns are text, whole numbers or null; lists are bound as JSON
    text.
    """

    def __init__(self, query: sa.Select[*tuple[Any, ...]], row: type[R]) -> None:
        self._query = query
        self._decode = msgspec.json.Decoder(list[row]).decode
        self._prepared: dict[str, Prepared] = {}

    def all(self, connection: sa.Connection, parameters: dict[str, Any]) -> list[R]:
        """Every row, in the query's order."""
        prepared = self._prepared.get(connection.dialect.name)
        if prepared is None:
            prepared = self._prepare(connection.dialect)
        fetched = prepared.one(connection, parameters)
        return self.read(fetched[0] if fetched is not None else None)

    def whole(self, dialect: sa.Dialect) -> sa.Select[*tuple[Any, ...]]:
        """The query of the one text, which may also stand as a column in another query: see `read`."""
        return whole_of(self._query, dialect)

    def read(self, text: str | None) -> list[R]:
        """The rows of such a text."""
        return self._decode(text) if text else []

    def _prepare(self, dialect: sa.Dialect) -> Prepared:
        prepared = self._prepared[dialect.name] = Prepared(self.whole(dialect), dialect)
        return prepared
