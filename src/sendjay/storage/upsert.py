"""INSERT that gives way to a row that is there already, in each database's words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql, sqlite


def insert_or_ignore(dialect: sa.Dialect, table: sa.Table) -> sa.Insert:
    """Insert; a row with the same key stays as it is."""
    if dialect.name == "mysql":
        # It would cut what is too long as well: callers give nothing that has not been measured.
        return mysql.insert(table).prefix_with("IGNORE")
    return _on_conflict(dialect, table).on_conflict_do_nothing()


def insert_or_update(dialect: sa.Dialect, table: sa.Table, changes: dict[str, Any]) -> sa.Insert:
    """Insert; a row with the same primary key gets `changes` (column -> expression) instead."""
    if dialect.name == "mysql":
        return mysql.insert(table).on_duplicate_key_update(changes)
    return _on_conflict(dialect, table).on_conflict_do_update(index_elements=_keys(table), set_=changes)


def insert_or_replace(dialect: sa.Dialect, table: sa.Table, columns: Sequence[str]) -> sa.Insert:
    """Insert; a row with the same primary key gets the new values of these columns."""
    if dialect.name == "mysql":
        insert = mysql.insert(table)
        return insert.on_duplicate_key_update({name: insert.inserted[name] for name in columns})
    insert = _on_conflict(dialect, table)
    changes = {name: insert.excluded[name] for name in columns}
    return insert.on_conflict_do_update(index_elements=_keys(table), set_=changes)


def _keys(table: sa.Table) -> list[str]:
    return [column.name for column in table.primary_key.columns]


def _on_conflict(dialect: sa.Dialect, table: sa.Table) -> Any:
    return postgresql.insert(table) if dialect.name == "postgresql" else sqlite.insert(table)
