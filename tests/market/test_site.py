"""The market by itself: its rules, its forms, and a site that goes on while the messenger is away."""

from __future__ import annotations

import base64
import json

import pytest

from tests.market.market_site import MarketSite, Neighbour, day

LADDER = 13
"""Of taeho.noh; nobody has asked for it yet."""


def state(market: MarketSite, deal: int) -> object:
    return market.rows("SELECT state FROM deals WHERE id = ?", deal)[0][0]


def test_reserved_days_do_not_overlap(market: MarketSite) -> None:
    taeho, yuna = Neighbour(market, "taeho.noh"), Neighbour(market, "yuna.seo")
    garam, hana = Neighbour(market, "garam.yoon"), Neighbour(market, "hana.jung")
    assert yuna.ask(LADDER, 20, 22).status_code == 303
    assert garam.ask(LADDER, 22, 24).status_code == 303
    first, second = market.deal("yuna.seo", LADDER), market.deal("garam.yoon", LADDER)
    assert taeho.send(f"/deals/{first}/reserve").status_code == 303
    refused = taeho.send(f"/deals/{second}/reserve")
    assert refused.status_code == 409
    assert "이미 예약된 날" in refused.text
    assert (state(market, first), state(market, second)) == ("reserved", "requested")
    assert hana.ask(LADDER, 18, 25).status_code == 409
    assert hana.ask(LADDER, 23, 25).status_code == 303
    taeho.send(f"/deals/{first}/cancel")
    assert taeho.send(f"/deals/{second}/reserve").status_code == 303


@pytest.mark.parametrize(
    ("since", "until"),
    [(day(-1), day(1)), (day(3), day(2)), (day(1), day(40)), (day(1), ""), (day(1).replace("-", ""), day(2))],
    ids=["in the past", "backwards", "too long", "without an end", "written otherwise"],
)
def test_days_that_cannot_be_meant_are_refused(market: MarketSite, since: str, until: str) -> None:
    yuna = Neighbour(market, "yuna.seo")
    assert yuna.send(f"/posts/{LADDER}/ask", since=since, until=until).status_code == 409
    assert market.rows("SELECT count(*) FROM deals WHERE post = ?", LADDER) == [(0,)]


def test_only_the_lender_moves_a_deal_on(market: MarketSite) -> None:
    taeho, yuna = Neighbour(market, "taeho.noh"), Neighbour(market, "yuna.seo")
    yuna.ask(LADDER, 1, 2)
    deal = market.deal("yuna.seo", LADDER)
    assert yuna.send(f"/deals/{deal}/reserve").status_code == 403
    assert Neighbour(market, "garam.yoon").send(f"/deals/{deal}/cancel").status_code == 404
    assert state(market, deal) == "requested"
    assert taeho.send(f"/deals/{deal}/hand-over").status_code == 409
    for move in ("reserve", "hand-over", "return"):
        assert yuna.send(f"/deals/{deal}/{move}").status_code == 403
        assert taeho.send(f"/deals/{deal}/{move}").status_code == 303
    assert state(market, deal) == "returned"
    assert taeho.send(f"/deals/{deal}/cancel").status_code == 409


def test_only_the_owner_changes_a_post(market: MarketSite) -> None:
    yuna = Neighbour(market, "yuna.seo")
    for verb in ("edit", "close", "delete"):
        assert yuna.send(f"/posts/{LADDER}/{verb}", title="x", price="1", picture="tent").status_code == 404
    assert yuna.http.get(f"/posts/{LADDER}/edit").status_code == 404
    assert "접이식 사다리" in yuna.page(f"/posts/{LADDER}")


def test_a_form_of_another_site_changes_nothing(market: MarketSite) -> None:
    taeho = Neighbour(market, "taeho.noh")
    assert taeho.http.post(f"/posts/{LADDER}/delete").status_code == 403
    assert taeho.http.post(f"/posts/{LADDER}/delete", data={"form_key": "guessed"}).status_code == 403
    yuna = Neighbour(market, "yuna.seo")
    assert taeho.send(f"/posts/{LADDER}/delete", form_key=yuna.form_key).status_code == 403
    foreign = {"Origin": "http://elsewhere.test"}
    form = {"form_key": taeho.form_key}
    assert taeho.http.post(f"/posts/{LADDER}/delete", data=form, headers=foreign).status_code == 403
    assert "접이식 사다리" in taeho.page(f"/posts/{LADDER}")
    taeho.http.cookies.clear()
    signed_in = taeho.http.post("/sign-in", data={"person": "yuna.seo"}, headers=foreign)
    assert "set-cookie" not in signed_in.headers


def test_what_people_write_stays_text(market: MarketSite) -> None:
    taeho = Neighbour(market, "taeho.noh")
    text = "<script>alert(1)</script>\"'&"
    taeho.send(f"/posts/{LADDER}/edit", title=text, price="0", description=text, picture="ladder")
    for path in ("/", "/mine", f"/posts/{LADDER}", f"/posts/{LADDER}/edit"):
        assert "<script>alert" not in taeho.page(path)
        assert "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#x27;&amp;" in taeho.page(path)


def test_signing_in_goes_on_to_the_page_that_was_wanted_of_this_site(market: MarketSite) -> None:
    yuna = Neighbour(market, "yuna.seo")
    for wanted, place in (("/posts/17", "/posts/17"), ("//elsewhere.test", "/"), ("/\r\nX: y", "/")):
        answer = yuna.http.post("/sign-in", data={"person": "yuna.seo", "wanted": wanted})
        assert answer.headers["location"] == place


def test_a_ticket_says_who_is_signed_in(market: MarketSite) -> None:
    yuna = Neighbour(market, "yuna.seo")
    claims = yuna.http.get("/sendjay/ticket").json()["ticket"].split(".")[1]
    read = json.loads(base64.urlsafe_b64decode(claims + "=="))
    assert (read["sub"], read["name"], read["org"]) == ("yuna.seo", "서유나", "market")
    yuna.send("/sign-out")
    assert yuna.http.get("/sendjay/ticket").status_code == 401
