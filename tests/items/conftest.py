"""A server with a host's items in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.embed.portal import ORIGIN, SECRET
from tests.items.shop import Shop
from tests.serving import Office, run_office


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    yield from run_office(
        tmp_path_factory.mktemp("office"),
        embed_origins=ORIGIN,
        embed_secret=SECRET,
        embed_creates_people="true",
        item_rooms_per_hour=5,
    )


@pytest.fixture(scope="module")
def shop(office: Office) -> Shop:
    return Shop(office)
