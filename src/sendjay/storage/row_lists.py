"""Statements over lists of rows: one for a whole group, however many rows it has.

The driver takes one step: it lets go of the interpreter's lock once, and waits for it once, where one
execution for each row would wait each time; and where the database is another machine, there is one way
there and back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Generic, TypeVar

import msgspec
import sqlalchemy as sa

from sendjay.storage.json_rows import JsonRow, whole_of
from sendjay.storage.statements import open_cursor
from sendjay.storage.words import Words, words_of

Row = tuple[Any, ...]
Column = str | Callable[[Words], str]
"""A column of an answer: its name, or how a database says it."""


class NumberedRow(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """An answer to a wanted row; its other fields are the query's columns, in their order."""

    position: int


R = TypeVar("R", bound=NumberedRow)
J = TypeVar("J", bound=JsonRow)
LOOKED_UP = 128
"""The longest list of wanted rows in one lookup."""


class _SizedTexts:
    """The texts of one statement for lists of 1, 2, 4 … `largest` rows, in each database's words.

    Where many bound values cost more than they hold (PostgreSQL plans a list of each length, its driver
    handles value by value), the rows come as one JSON text, and one text of the statement is for all lengths.
    """

    __slots__ = ("_columns", "_text", "_texts", "largest")

    def __init__(self, text: Callable[[Words, str], str], columns: int, largest: int) -> None:
        """`text` is made of a database's words and of the query that gives the rows."""
        self._text = text
        self._columns = columns
        self._texts: dict[object, str] = {}
        self.largest = largest

    def execute(self, cursor: Any, words: Words, rows: Sequence[Row]) -> None:
        """Of one of the lengths that there are texts for."""
        if words.takes_rows_as_json:
            cursor.execute(self._of_kinds(words, _kinds(rows)), (_as_json(rows),))
        else:
            cursor.execute(self._of_size(words, len(rows)), _flat(rows))

    def _of_size(self, words: Words, size: int) -> str:
        text = self._texts.get((words.name, size))
        if text is None:
            row = f"({','.join([words.marker] * self._columns)})"
            rows = words.as_table(",".join([row] * size))
            text = self._texts[words.name, size] = self._text(words, f"VALUES {rows}")
        return text

    def _of_kinds(self, words: Words, kinds: tuple[type, ...]) -> str:
        text = self._texts.get(kinds)
        if text is None:
            text = self._texts[kinds] = self._text(words, words.rows_of_json(kinds))
        return text


class _ManyRows:
    """A change over a list of rows, in as few pieces as there are prepared sizes for."""

    __slots__ = ("_texts",)

    def __init__(self, texts: _SizedTexts) -> None:
        self._texts = texts

    def run(self, connection: sa.Connection, rows: Sequence[Row]) -> None:
        """Once over all rows."""
        if not rows:
            return
        words = words_of(connection.dialect)
        cursor = open_cursor(connection)
        if words.takes_rows_as_json:
            self._texts.execute(cursor, words, rows)
            return
        largest = self._texts.largest
        start = 0
        while start < len(rows):
            size = min(largest, 1 << ((len(rows) - start).bit_length() - 1))
            self._texts.execute(cursor, words, rows[start : start + size])
            start += size


class InsertRows(_ManyRows):
    """Puts rows of these columns into a table."""

    __slots__ = ()

    def __init__(self, table: sa.Table, columns: Sequence[str], largest: int = 64) -> None:
        head = f"INSERT INTO {table.name} ({', '.join(columns)}) "
        super().__init__(_SizedTexts(lambda _, given: head + given, len(columns), largest))


class UpdateRows(_ManyRows):
    """Sets columns of the rows with these keys; each given row is its keys, then its new values."""

    __slots__ = ()

    def __init__(
        self, table: sa.Table, keys: Sequence[str], values: Sequence[str], largest: int = 64
    ) -> None:
        name = table.name
        moved = f"moved({', '.join((*keys, *values))})"
        matching = " AND ".join(f"{name}.{key} = moved.{key}" for key in keys)

        def text(words: Words, given: str) -> str:
            if words.joins_in_update:
                source = f"(WITH {moved} AS ({given}) SELECT * FROM moved) AS moved"
                changes = ", ".join(f"{name}.{each} = moved.{each}" for each in values)
                # Whatever it thinks of a small table: a walk through all of it locks every row on the way.
                target = f"{name} FORCE INDEX (PRIMARY)"
                return f"UPDATE {source} STRAIGHT_JOIN {target} ON {matching} SET {changes}"
            changes = ", ".join(f"{each} = moved.{each}" for each in values)
            return f"WITH {moved} AS ({given}) UPDATE {name} SET {changes} FROM moved WHERE {matching}"

        super().__init__(_SizedTexts(text, len(keys) + len(values), largest))


class RowLookup(Generic[R]):
    """A query that has an answer for each of a list of wanted rows, as one JSON list of lists.

    The wanted rows are the table `w`, with the columns named here; `source` says what is joined to it. A
    shorter list is filled up with its last row, so that only a few texts are ever prepared.
    """

    __slots__ = ("_decode", "_texts")

    def __init__(
        self, wanted: Sequence[str], answer: Sequence[Column], row: type[R], source: str = ""
    ) -> None:
        def text(words: Words, given: str) -> str:
            columns = ", ".join(each if isinstance(each, str) else each(words) for each in answer)
            listed = words.as_text(f"{words.list_of}({words.array_of}(w.i, {columns}))")
            return f"WITH w(i, {', '.join(wanted)}) AS ({given}) SELECT {listed} FROM w {source}"

        self._texts = _SizedTexts(text, 1 + len(wanted), LOOKED_UP)
        self._decode = msgspec.json.Decoder(list[row]).decode

    def run(self, connection: sa.Connection, wanted: Sequence[Row]) -> list[R]:
        """An answer for each wanted row, in their order."""
        words = words_of(connection.dialect)
        cursor = open_cursor(connection)
        found: list[R] = []
        for part in _parts(wanted):
            self._texts.execute(cursor, words, part)
            found.extend(self._decode(cursor.fetchone()[0]))
        return sorted((row for row in found if row.position >= 0), key=lambda row: row.position)


class RowsLookup(Generic[J]):
    """A query that finds any number of rows for each of a list of wanted rows.

    It is made by a function that gets the wanted rows as a table with the columns named here, and selects
    the table's `i` before all else.
    """

    __slots__ = ("_columns", "_decode", "_query", "_texts")

    def __init__(
        self,
        wanted: Sequence[str],
        query: Callable[[sa.TableClause], sa.Select[*tuple[Any, ...]]],
        row: type[J],
    ) -> None:
        self._columns = ("i", *wanted)
        self._query = query(sa.table("w", *(sa.column(name) for name in self._columns)))
        self._texts: dict[str, _SizedTexts] = {}
        self._decode = msgspec.json.Decoder(list[tuple[int, row]]).decode

    def run(self, connection: sa.Connection, wanted: Sequence[Row]) -> list[list[J]]:
        """What is found for each wanted row, in their order."""
        dialect = connection.dialect
        words = words_of(dialect)
        texts = self._texts.get(words.name)
        if texts is None:
            texts = self._texts[words.name] = self._prepare(dialect)
        cursor = open_cursor(connection)
        found: list[list[J]] = [[] for _ in wanted]
        for part in _parts(wanted):
            texts.execute(cursor, words, part)
            text = cursor.fetchone()[0]
            for number, row in self._decode(text) if text else ():
                if number >= 0:
                    found[number].append(row)
        return found

    def _prepare(self, dialect: sa.Dialect) -> _SizedTexts:
        whole = whole_of(self._query, dialect, numbered=True)
        query = str(whole.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
        head = f"WITH w({', '.join(self._columns)}) AS "
        return _SizedTexts(
            lambda _, given: f"{head}({given}) {query}",
            len(self._columns),
            LOOKED_UP,
        )


def hex_of(column: str) -> Column:
    """Bytes in hexadecimal: JSON has none."""
    return lambda words: words.as_hex(column)


def list_of(columns: Sequence[str], source: str) -> Column:
    """The rows of another query as a list of lists; null, on some databases, where there are none."""
    return lambda words: words.as_json(
        f"(SELECT {words.list_of}({words.array_of}({', '.join(columns)})) {source})"
    )


def object_of(key: str, value: str, source: str) -> Column:
    """The rows of another query as an object; null, on some databases, where there are none."""
    return lambda words: words.as_json(f"(SELECT {words.object_of}({key}, {value}) {source})")


def _parts(wanted: Sequence[Row]) -> Iterator[list[Row]]:
    """The rows, numbered, in lists of 1, 2, 4 … `LOOKED_UP`; what fills a list up has the number -1."""
    for start in range(0, len(wanted), LOOKED_UP):
        part = [(start + number, *each) for number, each in enumerate(wanted[start : start + LOOKED_UP])]
        size = 1 << (len(part) - 1).bit_length()
        yield part + [(-1, *part[-1][1:])] * (size - len(part))


def _flat(rows: Sequence[Row]) -> Row:
    return tuple([value for row in rows for value in row])


def _kinds(rows: Sequence[Row]) -> tuple[type, ...]:
    """What the columns hold; one of nothing counts as one of texts."""
    return tuple(next((type(each) for each in column if each is not None), str) for column in zip(*rows))  # noqa: B905


def _as_json(rows: Sequence[Row]) -> str:
    """A list of objects with the fields c0, c1 and so on; bytes are base64."""
    names = [f"c{number}" for number in range(len(rows[0]))]
    return msgspec.json.encode([dict(zip(names, row, strict=True)) for row in rows]).decode()
