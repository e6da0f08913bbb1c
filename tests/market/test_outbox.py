"""What the messenger is told: all of it, in order, whenever it is there again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.market.market_site import MarketSite, Neighbour
from tests.market.messenger import Messenger, Told

PREFIX = "/api/integration/items/tool"


@pytest.fixture
def back_again(market: MarketSite, messenger_port: int) -> Iterator[Messenger]:
    """The messenger was away when the market began, and somebody has changed a post and lent it since."""
    taeho, yuna = Neighbour(market, "taeho.noh"), Neighbour(market, "yuna.seo")
    edited = {"title": "새 사다리", "price": "7000", "description": "", "picture": "ladder"}
    assert taeho.send("/posts/13/edit", **edited).status_code == 303
    yuna.ask(13, 1, 2)
    taeho.send(f"/deals/{market.deal('yuna.seo', 13)}/reserve")
    assert "새 사다리" in yuna.page("/posts/13")
    waiting = market.rows("SELECT path FROM outbox ORDER BY id DESC LIMIT 4")
    assert waiting == [(f"{PREFIX}/13/deal",), (f"{PREFIX}/13",), (f"{PREFIX}/13/deal",), (f"{PREFIX}/13",)]
    messenger = Messenger(messenger_port)
    yield messenger
    messenger.stop()


def test_what_happened_while_the_messenger_was_away_is_told_in_order(
    market: MarketSite, back_again: Messenger
) -> None:
    def is_last(told: Told) -> bool:
        return told.path == f"{PREFIX}/13/deal" and told.facts["state"] == "reserved"

    last = back_again.wait_for(is_last)
    assert last.facts["asker"] == {"id": "yuna.seo", "name": "서유나"}
    times = [told.facts["at"] for told in back_again.told]
    assert times == sorted(set(times))
    assert {told.token for told in back_again.told} == {"Bearer token-of-the-market"}
    post = [told for told in back_again.told if told.path == f"{PREFIX}/13"][-1]
    assert post.method == "PUT"
    at = post.facts.pop("at")
    assert at < last.facts["at"]
    assert post.facts == {
        "title": "새 사다리",
        "price": "하루 7,000원",
        "status": "예약됨",
        "picture": f"{market.url}/static/pictures/ladder.svg",
        "link": f"{market.url}/posts/13",
        "owner": {"id": "taeho.noh", "name": "노태호"},
        "is_open": True,
    }


def test_a_deleted_post_takes_its_requests_along(market: MarketSite, back_again: Messenger) -> None:
    garam, yuna = Neighbour(market, "garam.yoon"), Neighbour(market, "yuna.seo")
    yuna.ask(14, 1, 2)
    assert garam.send("/posts/14/delete").status_code == 303
    back_again.wait_for(lambda told: told.method == "DELETE" and told.path.startswith(f"{PREFIX}/14?at="))
    deals = [told.facts for told in back_again.told if told.path == f"{PREFIX}/14/deal"]
    assert deals[-1]["state"] == "cancelled"
    assert yuna.http.get("/posts/14").status_code == 404
    assert "시티 자전거" in yuna.page("/deals")


def test_what_is_lent_or_reserved_is_not_deleted(market: MarketSite) -> None:
    hana = Neighbour(market, "hana.jung")
    assert hana.send("/posts/16/delete").status_code == 409
    assert "가정용 재봉틀" in hana.page("/posts/16")
