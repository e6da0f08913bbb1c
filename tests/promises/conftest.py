"""One server with a company for the tests of a module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.serving import Office, run_office

FAST_TALKERS = {"commands_per_second": 100_000, "commands_burst": 100_000, "errors_burst": 100_000}
"""Tests send faster, and err more often, than people do."""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    yield from run_office(tmp_path_factory.mktemp("office"), **FAST_TALKERS)
