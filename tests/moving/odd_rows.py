"""Rows for every table, made from the tables themselves, with whatever a database may trip over."""

from __future__ import annotations

import random
from typing import Any

import sqlalchemy as sa

from sendjay.storage.tables import metadata

Contents = dict[str, set[tuple[Any, ...]]]

IDS = (
    "a",
    "A",
    "á",
    "a\u0301",
    "ä",
    "가",
    "가\u0300",
    "ㅎㄱㄷ",
    "ß",
    "ss",
    "😀",
    "😁",
    "👩‍👩‍👧",
    "_%",
    "it's",
    "\\",
    "z" * 64,
    "😀" * 64,
)
"""Each is an id of its own: nothing may be folded, and nothing cut."""
TEXTS = (
    *("", " ", " both ends ", "NULL", "\n\t\r\n", "it's", '"; DROP TABLE users; --', "\\n \\ \\\\"),
    *("%s %(name)s :name ?", "한글 훈민정음", "ㄱ\u1100\u1161\u11a8", "é e\u0301", "𠮷", "😀👩‍👩‍👧🇰🇷"),
    *("\u202eright to left", "\ufeffmark", "\uffff"),
)
NUMBERS = (0, 1, -1, 2**31, 2**53 + 1, 2**63 - 1, -(2**63))
FLAGS = (0, 1, -1, 32767, -32768)
ROWS = 40


def odd_contents(seed: int) -> Contents:
    """For each table its rows: values in the order of the columns."""
    chance = random.Random(seed)
    return {table.name: _rows(table, chance) for table in metadata.sorted_tables}


def fill(connection: sa.Connection, contents: Contents) -> None:
    for table in metadata.sorted_tables:
        names = [column.name for column in table.columns]
        rows = [dict(zip(names, row, strict=True)) for row in contents[table.name]]
        if rows:
            connection.execute(table.insert(), rows)


def contents_of(connection: sa.Connection) -> Contents:
    """What is really there."""
    found = {
        table.name: [tuple(row) for row in connection.execute(sa.select(table))]
        for table in metadata.sorted_tables
    }
    assert all(len(set(rows)) == len(rows) for rows in found.values())
    return {name: set(rows) for name, rows in found.items()}


def _rows(table: sa.Table, chance: random.Random) -> set[tuple[Any, ...]]:
    unique = [column.name for column in table.columns if column.unique or column.primary_key]
    rows: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for number in range(ROWS):
        row = {column.name: _value(column, number, chance) for column in table.columns}
        rows.setdefault(tuple(row[name] for name in unique), tuple(row.values()))
    return set(rows.values())


def _value(column: sa.Column[Any], number: int, chance: random.Random) -> Any:
    if column is column.table.autoincrement_column:
        return number * 3 + 1
    if column.primary_key or column.unique:
        return _key(column, number, chance)
    if column.nullable and number % 3 == 0:
        return None
    if isinstance(column.type, sa.LargeBinary):
        size = 16 if column.type.length == 16 else chance.choice((0, 256, 200_000))
        return bytes(range(256)) if size == 256 else chance.randbytes(size)
    if isinstance(column.type, sa.SmallInteger):
        return chance.choice(FLAGS)
    if isinstance(column.type, sa.Integer):
        return chance.choice(NUMBERS)
    return _text(column, number, chance)


def _key(column: sa.Column[Any], number: int, chance: random.Random) -> Any:
    if isinstance(column.type, sa.Integer):
        return chance.choice((number, 2**63 - 1 - number))
    return IDS[number] if number < len(IDS) else f"{chance.choice(IDS)[:50]}{number}"


def _text(column: sa.Column[Any], number: int, chance: random.Random) -> str:
    length = getattr(column.type, "length", None)
    whole = chance.choice(TEXTS) if length else "".join(chance.sample(TEXTS, 4)) * chance.choice((1, 300))
    return ("😀" * length if number == 7 else whole[:length]) if length else whole
