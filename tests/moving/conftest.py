"""Empty databases of each kind to move between."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.databases.choice import running

_numbers = itertools.count(1)


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """`empty(kind)`: the address of a new one, which is gone after the test."""
    made: list[tuple[str, str]] = []

    def make(kind: str) -> str:
        name = f"moved_{next(_numbers)}"
        if kind == "sqlite":
            return f"sqlite:///{tmp_path / name}.db"
        running(kind).create(name)
        made.append((kind, name))
        return running(kind).url(name)

    yield make
    for kind, name in made:
        running(kind).drop(name)
