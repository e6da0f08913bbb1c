"""One server with a company for the tests of a module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.promises.conftest import FAST_TALKERS
from tests.serving import Office, run_office


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    yield from run_office(tmp_path_factory.mktemp("office"), **FAST_TALKERS)
