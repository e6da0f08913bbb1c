"""One server with a company for the tests of a module."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases.choice import KINDS, chosen_database
from tests.serving import Office, run_office

FAST_TALKERS = {"commands_per_second": 100_000, "commands_burst": 100_000, "errors_burst": 100_000}
"""Tests send faster, and err more often, than people do."""


@pytest.fixture(scope="module", params=KINDS, autouse=True)
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """Every promise is kept on every database."""
    with chosen_database(request.param):
        yield request.param


@pytest.fixture(scope="module")
def office_folder(database: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """For a server of the module's, after its database was chosen."""
    return tmp_path_factory.mktemp(database)


@pytest.fixture(scope="module")
def office(office_folder: Path) -> Iterator[Office]:
    yield from run_office(office_folder, **FAST_TALKERS)
