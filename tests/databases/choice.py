"""Which database the servers of a test keep their data in: SQLite, unless a fixture says otherwise."""

from __future__ import annotations

import atexit
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import pytest

from tests.databases.maria import Maria
from tests.databases.postgres import Postgres

SHARED_KINDS = ("postgresql", "mariadb")
"""Those that several processes may write to."""
KINDS = ("sqlite", *SHARED_KINDS)
_SERVERS: dict[str, type[Postgres | Maria]] = {"postgresql": Postgres, "mariadb": Maria}
_numbers = itertools.count(1)


class _Choice:
    kind = "sqlite"
    made: list[str]


_chosen = _Choice()


@contextmanager
def chosen_database(kind: str) -> Iterator[None]:
    """Meanwhile every new company has an empty database of this kind; it is gone afterwards."""
    if kind != "sqlite" and not _SERVERS[kind].is_installed():
        pytest.skip(f"{kind} is not installed")
    _chosen.kind, _chosen.made = kind, []
    try:
        yield
    finally:
        for name in _chosen.made:
            running(kind).drop(name)
        _chosen.kind = "sqlite"


def fresh_url() -> str:
    """The address of an empty database; nothing means SQLite in the data folder."""
    if _chosen.kind == "sqlite":
        return ""
    name = f"test_{next(_numbers)}"
    server = running(_chosen.kind)
    server.create(name)
    _chosen.made.append(name)
    return server.url(name)


@cache
def running(kind: str) -> Postgres | Maria:
    """The one server of this kind that the tests share. Whoever kills servers starts one of their own."""
    server = _SERVERS[kind]()
    atexit.register(server.remove)
    server.start()
    return server
