"""What every test may use."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest_plugins = ["tests.no_skip", "pytester"]
CHROMIUM = Path("/usr/bin/chromium")
WAITING = ("promises", "databases", "faults", "durability", "operations", "upkeep")
WORKING = ("browser", "embed_page", "renting")
"""Folders of long files, of which the first mostly wait and the others mostly work: begun first and in turns,
they end beside each other."""


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("browser") and not CHROMIUM.exists():
        pytest.skip("Chromium is not installed")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    turns = {path: at for folders in (WAITING, WORKING) for at, path in enumerate(_files(items, folders))}
    items.sort(key=lambda item: turns.get(item.path, len(turns)))


def _files(items: list[pytest.Item], folders: tuple[str, ...]) -> list[Path]:
    here = Path(__file__).parent
    return [path for path in dict.fromkeys(item.path for item in items) if path.is_relative_to(here)
            and path.relative_to(here).parts[0] in folders]  # fmt: skip
