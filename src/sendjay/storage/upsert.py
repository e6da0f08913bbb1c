"""INSERT that gives way to a row that is there already, in each database's words."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql, sqlite


def insert_or_ignore(dialect: sa.Dialect, table: sa.Table) -> sa.Insert:
    """Insert; a row with the same key stays as it is."""
    if dialect.name in ("mysql", "mariadb"):
        return mysql.insert(table).prefix_with("IGNORE")
    return _on_conflict(dialect, table).on_conflict_do_nothing()


def insert_or_update(dialect: sa.Dialect, table: sa.Table, changes: dict[str, Any]) -> sa.Insert:
    """Insert; a row with the same primary key gets `changes` (column -> expression) instead."""
    if dialect.name in ("mysql", "mariadb"):
        return mysql.insert(table).on_duplicate_key_update(changes)
    keys = [column.name for column in table.primary_key.columns]
    return _on_conflict(dialect, table).on_conflict_do_update(index_elements=keys, set_=changes)


def _on_conflict(dialect: sa.Dialect, table: sa.Table) -> Any:
    return postgresql.insert(table) if dialect.name == "postgresql" else sqlite.insert(table)
