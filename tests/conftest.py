"""What every test may use."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Hypothesis measures how long each example takes: on a busy machine that tells nothing of the code.
settings.register_profile("sendjay", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("sendjay")

pytest_plugins = ["tests.no_skip", "pytester"]
CHROMIUM = Path("/usr/bin/chromium")
WAITING = ("promises", "databases", "faults", "durability", "operations", "upkeep")
WORKING = ("browser", "embed_page", "renting", "demo")
"""Folders of long files, of which the first mostly wait and the others mostly work: each kind is spread over
the whole time, so that there is always something to work at and seldom too much. All of the rest is short.
"""


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("browser") and not CHROMIUM.exists():
        pytest.skip("Chromium is not installed")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    kinds: dict[str, list[Path]] = {}
    for path in dict.fromkeys(item.path for item in items):
        kinds.setdefault(_kind(path), []).append(path)
    turns = {path: at / len(files) for files in kinds.values() for at, path in enumerate(files)}
    items.sort(key=lambda item: (turns[item.path], item.path))


def _kind(path: Path) -> str:
    here = Path(__file__).parent
    folder = path.relative_to(here).parts[0] if path.is_relative_to(here) else ""
    return "waiting" if folder in WAITING else "working" if folder in WORKING else "short"
