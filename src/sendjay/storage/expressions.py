"""Expressions for SQLAlchemy that each database writes in words of its own."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class _InJsonList(FunctionElement[bool]):
    type = sa.Boolean()
    inherit_cache = True


def in_json_list(column: sa.ColumnElement[Any], name: str) -> sa.ColumnElement[bool]:
    """`column` is in the JSON list of texts bound as `name`; unlike IN it is one text for lists of any
    length.
    """
    return _InJsonList(column, sa.bindparam(name, type_=sa.Text()))


@compiles(_InJsonList)
def _in_json_each(element: _InJsonList, compiler: SQLCompiler, **how: Any) -> str:
    column, listed = (compiler.process(each, **how) for each in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({listed}))"


@compiles(_InJsonList, "postgresql")
def _in_json_elements(element: _InJsonList, compiler: SQLCompiler, **how: Any) -> str:
    column, listed = (compiler.process(each, **how) for each in element.clauses)
    return f"{column} IN (SELECT json_array_elements_text(CAST({listed} AS json)))"


@compiles(_InJsonList, "mysql")
def _in_json_table(element: _InJsonList, compiler: SQLCompiler, **how: Any) -> str:
    column, listed = (compiler.process(each, **how) for each in element.clauses)
    table = f"JSON_TABLE({listed}, '$[*]' COLUMNS (value VARCHAR(64) PATH '$'))"
    return f"{column} IN (SELECT value FROM {table} AS listed)"


class _CountUpTo(FunctionElement[int]):
    type = sa.Integer()
    inherit_cache = True


def count_up_to(
    most: int, rows: sa.Select[*tuple[Any, ...]], *beside: sa.FromClause
) -> sa.ColumnElement[int]:
    """How many of these rows there are, for each row `beside`; counting stops at `most`."""
    first = rows.correlate(*beside).limit(most).subquery()
    counted = sa.select(sa.func.count()).select_from(first).correlate(*beside).scalar_subquery()
    last = rows.limit(1).offset(most - 1).correlate(*beside).scalar_subquery()
    all_of_them = rows.with_only_columns(sa.func.count()).correlate(*beside).scalar_subquery()
    return _CountUpTo(counted, sa.case((last.is_not(None), most), else_=all_of_them))


@compiles(_CountUpTo)
def _count_the_first(element: _CountUpTo, compiler: SQLCompiler, **how: Any) -> str:
    return compiler.process(next(iter(element.clauses)), **how)


@compiles(_CountUpTo, "mysql")
def _count_by_the_last(element: _CountUpTo, compiler: SQLCompiler, **how: Any) -> str:
    # MariaDB lets no table of a FROM look at what stands outside of it.
    _, counted = element.clauses
    return compiler.process(counted, **how)
