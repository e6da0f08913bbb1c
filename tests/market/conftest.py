"""A market of its own for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.embed_page.portal_site import free_port
from tests.market.market_site import MarketSite


@pytest.fixture
def messenger_port() -> int:
    """Nobody listens there unless the test says so."""
    return free_port()


@pytest.fixture
def market(tmp_path: Path, messenger_port: int) -> Iterator[MarketSite]:
    site = MarketSite(tmp_path, f"http://127.0.0.1:{messenger_port}")
    yield site
    site.stop()
