"""Where the databases say the same thing in different words: JSON, and lists of rows within a statement."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa


class Words:
    """SQLite's words; the others are told by what differs. Fragments of SQL go in and come out."""

    name = "sqlite"
    marker = "?"
    """What stands for a bound value in a list of rows."""
    array_of = "json_array"
    """Makes a JSON list of its arguments."""
    list_of = "json_group_array"
    """Makes a JSON list of all rows' values; null, on other databases, where there are none."""
    object_of = "json_group_object"
    """Makes a JSON object of all rows' keys and values; the same holds."""
    driver_decodes_json = False
    """The driver would make objects of JSON that nobody asked for, unless it is a text."""
    takes_rows_as_json = False
    """Lists of rows come as one JSON text."""
    joins_in_update = False
    """UPDATE takes other tables by JOIN, not by FROM."""

    def as_json(self, query: str) -> str:
        """What another query has made of JSON, so that it is not taken for a text."""
        return f"json({query})"

    def as_text(self, json: str) -> str:
        """JSON, so that the driver hands it over as it is."""
        return json

    def as_hex(self, column: str) -> str:
        return f"lower(hex({column}))"

    def as_table(self, rows: str) -> str:
        """A list of rows that stands for a table."""
        return rows

    def rows_of_json(self, kinds: Sequence[type]) -> str:
        """A query that gives the rows of a bound JSON list of objects with the fields c0, c1 and so on."""
        raise NotImplementedError


class _PostgresWords(Words):
    name = "postgresql"
    takes_rows_as_json = True
    array_of = "json_build_array"
    list_of = "json_agg"
    object_of = "json_object_agg"
    driver_decodes_json = True

    def as_json(self, query: str) -> str:
        return query

    def as_text(self, json: str) -> str:
        return f"({json})::text"

    def as_hex(self, column: str) -> str:
        return f"encode({column}, 'hex')"

    def rows_of_json(self, kinds: Sequence[type]) -> str:
        fields = {f"c{number}": kind for number, kind in enumerate(kinds)}
        types = ", ".join(f"{name} {'bigint' if kind is int else 'text'}" for name, kind in fields.items())
        columns = (f"decode({name}, 'base64')" if kind is bytes else name for name, kind in fields.items())
        return f"SELECT {', '.join(columns)} FROM json_to_recordset(%s::json) AS given({types})"  # noqa: S608


class _MariaWords(Words):
    name = "mariadb"
    marker = "%s"
    array_of = "JSON_ARRAY"
    list_of = "JSON_ARRAYAGG"
    object_of = "JSON_OBJECTAGG"
    joins_in_update = True

    def as_json(self, query: str) -> str:
        return query


class _MysqlWords(_MariaWords):
    name = "mysql"

    def as_table(self, rows: str) -> str:
        return rows.replace("(%", "ROW(%")


_SQLITE, _POSTGRES, _MARIA, _MYSQL = Words(), _PostgresWords(), _MariaWords(), _MysqlWords()


def words_of(dialect: sa.Dialect) -> Words:
    """Those of the database that this dialect has connected to."""
    if dialect.name == "sqlite":
        return _SQLITE
    if dialect.name == "postgresql":
        return _POSTGRES
    return _MARIA if getattr(dialect, "is_mariadb", False) else _MYSQL
