"""What a table holds, in figures that are the same in every database."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

Rows = Sequence[tuple[Any, ...]]

_ROWS_AT_ONCE = 1000
_LARGE_ROWS_AT_ONCE = 50
_LARGE_BYTES = 65_536
_SUM_OF_DIGESTS = 1 << 128


class Contents(NamedTuple):
    """How many rows, and the sum of their digests: databases need not agree on the order of texts."""

    rows: int = 0
    digests: int = 0

    def and_also(self, rows: Rows) -> Contents:
        """With these rows besides."""
        digests = sum(map(_digest, rows))
        return Contents(self.rows + len(rows), (self.digests + digests) % _SUM_OF_DIGESTS)


def rows_of(connection: sa.Connection, table: sa.Table, *, without: str = "") -> Iterator[Rows]:
    """All rows by their key, some at a time, values in the order of the table's columns.

    `without`: leave out the row whose first key column has this value.
    """
    query = sa.select(table).order_by(*table.primary_key.columns)
    if without:
        query = query.where(next(iter(table.primary_key.columns)) != without)
    at_once = _LARGE_ROWS_AT_ONCE if _has_large_values(table) else _ROWS_AT_ONCE
    # Given with the statement: set on the connection, they would stay for all that is run on it later.
    result = connection.execute(query, execution_options={"stream_results": True, "yield_per": at_once})
    with result:
        for part in result.partitions():
            yield [tuple(row) for row in part]


def count(connection: sa.Connection, table: sa.Table) -> int:
    """Its number of rows."""
    return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def _has_large_values(table: sa.Table) -> bool:
    return any(
        isinstance(column.type, sa.LargeBinary) and (column.type.length or _LARGE_BYTES) >= _LARGE_BYTES
        for column in table.columns
    )


def _digest(row: tuple[Any, ...]) -> int:
    return int.from_bytes(hashlib.blake2b(msgspec.msgpack.encode(row), digest_size=16).digest())
