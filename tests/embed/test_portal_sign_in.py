"""People of a portal are signed in here by its word alone."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from tests.clients import SocketClient
from tests.embed.portal import ORIGIN, claims_of, code_of, enter, exchange, sign, ticket
from tests.serving import PASSWORD, Office, run_office

CHROME = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"


async def test_a_ticket_opens_a_session_that_works_everywhere(office: Office) -> None:
    (kim,) = office.some(1)
    entered = enter(office, kim.id, Origin=ORIGIN)
    assert entered["user"]["id"] == kim.id
    assert entered["login"] == kim.id
    assert entered["access_expires_in"] > 60
    assert entered["settings"] == {}, "each as it is when nothing is said"
    assert "refresh_token" not in entered
    with office.rest(entered["access_token"]) as client:
        assert client.get("/api/me").json()["person"]["id"] == kim.id
    async with await SocketClient.connect(office, entered["access_token"], origin=ORIGIN) as socket:
        assert socket.welcome["session"] == entered["session"]


def test_each_page_of_the_portal_goes_on_with_the_same_session(office: Office) -> None:
    kim, lee = office.some(2)
    first, second = enter(office, kim.id), enter(office, kim.id)
    assert first["session"] == second["session"]
    other_device = enter(office, kim.id, "portal-browser-2")
    other_person = enter(office, lee.id)
    assert len({first["session"], other_device["session"], other_person["session"]}) == 3
    for entered in (first, second, other_device, other_person):
        with office.rest(entered["access_token"]) as client:
            assert client.get("/api/me").status_code == 200


def test_after_signing_out_the_next_ticket_begins_a_new_session(office: Office) -> None:
    (kim,) = office.some(1)
    before = enter(office, kim.id)
    with office.rest(before["access_token"]) as client:
        assert client.post("/api/auth/sign-out").status_code == 204
        assert client.get("/api/me").status_code == 401
    assert enter(office, kim.id)["session"] != before["session"]


def test_neither_a_ticket_nor_a_password_ends_the_others_session_on_one_device(office: Office) -> None:
    (kim,) = office.some(1)
    device = {"id": "one-and-the-same", "kind": "web", "name": ""}
    with office.rest() as client:
        word = {"login": kim.id, "password": PASSWORD, "device": device}
        signed_in = client.post("/api/auth/sign-in", json=word).json()
        entered = enter(office, kim.id, "one-and-the-same")
        again = client.post("/api/auth/sign-in", json=word).json()
    assert len({signed_in["session"], entered["session"], again["session"]}) == 3
    for token, status in (
        (entered["access_token"], 200),
        (again["access_token"], 200),
        (signed_in["access_token"], 401),
    ):
        with office.rest(token) as client:
            assert client.get("/api/me").status_code == status


def test_my_devices_show_the_portals_browser_by_its_name(office: Office) -> None:
    (kim,) = office.some(1)
    entered = enter(office, kim.id, **{"User-Agent": CHROME})
    with office.rest(entered["access_token"]) as client:
        devices = client.get("/api/me/sessions").json()["sessions"]
    assert [each["name"] for each in devices if each["current"]] == ["Chrome, Windows"]


def test_somebody_unknown_is_added_from_the_ticket_once_and_never_changed_by_it(office: Office) -> None:
    said = {"name": "박서연", "org": "sales", "job": "과장", "tel": "02-123-4567", "email": "x@y.example"}
    entered = exchange(office, ticket("Seo.Yeon", **said)).json()
    person = entered["user"]
    assert (person["name"], person["org_name"], person["job"]) == ("박서연", "Sales", "과장")
    assert entered["login"] == "seo.yeon"
    later = exchange(office, ticket("seo.yeon", name="Somebody Else", job="사장")).json()
    assert later["user"] == person
    rows = office.rows("SELECT source, kind FROM users WHERE user_id = ?", person["id"])
    assert rows == [("ticket", "user")]
    assert office.rows("SELECT 1 FROM credentials WHERE user_id = ?", person["id"]) == []


def test_somebody_of_an_org_that_is_not_known_here_keeps_its_name(office: Office) -> None:
    said = {"name": "이도윤", "org": "r-and-d", "org_name": "연구소", "job": None}
    assert exchange(office, ticket("doyun", **said)).json()["user"]["org_name"] == "연구소"


def test_however_the_portal_spells_an_id_it_is_the_same_person(office: Office) -> None:
    first = exchange(office, ticket("Jürgen 홍", name="Jürgen")).json()["user"]
    for spelling in ("jürgen 홍", "JÜRGEN  홍 ", unicodedata.normalize("NFD", "Jürgen 홍")):
        answer = exchange(office, ticket(spelling, name="Other"))
        assert answer.json()["user"]["id"] == first["id"], spelling


def test_somebody_is_found_by_user_id_too(office: Office) -> None:
    added = exchange(office, ticket("a login that is no id", name="Min")).json()
    assert exchange(office, ticket(added["user"]["id"])).json()["login"] == "a login that is no id"


def test_a_ticket_may_name_several_audiences_and_hold_more_than_we_read(office: Office) -> None:
    (kim,) = office.some(1)
    claims = claims_of(
        kim.id, aud=["intranet", "sendjay"], groups=["a", {"b": 1}], iss="https://portal.example"
    )
    claims |= {"iat": claims["iat"] + 0.25, "exp": claims["exp"] + 0.75}
    answer = exchange(office, sign(claims, header={"alg": "HS256", "kid": "2026-11", "ver": 2}))
    assert answer.status_code == 200, answer.text


def test_where_nothing_is_set_up_there_is_no_such_thing(tmp_path: Path) -> None:
    for plain in run_office(tmp_path, people=1):
        (kim,) = plain.some(1)
        assert code_of(exchange(plain, ticket(kim.id))) == "not_found"
        with plain.rest(kim.token, Origin=ORIGIN) as client:
            answer = client.post("/api/embed/handoff", json={})
        assert code_of(answer) == "not_found"
        assert not [name for name in answer.headers if name.startswith("access-control")]
