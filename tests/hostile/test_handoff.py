"""A session that a portal's page hands to a window of the messenger: once, soon, and to nobody else."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from tests.embed.portal import ORIGIN, OTHER_ORIGIN, SECRET, code_of, enter, ticket
from tests.serving import Office, run_office

MESSENGER = {"Sec-Fetch-Site": "same-origin"}
FROM_ELSEWHERE = [{"Origin": ORIGIN}, {"Origin": OTHER_ORIGIN}, {"Sec-Fetch-Site": "cross-site"}, {"X": "y"}]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    origins = f"{ORIGIN},https://hr.example:8443"
    yield from run_office(tmp_path_factory.mktemp("office"), embed_origins=origins, embed_secret=SECRET)


def hand_off(office: Office, token: str, origin: str | None = ORIGIN) -> httpx.Response:
    with office.rest(token, **({"Origin": origin} if origin is not None else {})) as client:
        return client.post("/api/embed/handoff", json={})


def take_over(office: Office, code: str, origin: str = ORIGIN, **headers: str) -> httpx.Response:
    word = {"code": code, "origin": origin, "device": {"id": "window-1", "kind": "web"}, "cookies": True}
    with office.rest(**(headers or MESSENGER)) as client:
        return client.post("/api/auth/handoff", json=word)


def test_a_window_is_signed_in_once_by_a_portals_page(office: Office) -> None:
    (kim,) = office.some(1)
    entered = enter(office, kim.id)
    handed = hand_off(office, entered["access_token"]).json()
    assert handed["expires_in"] == 60
    taken = take_over(office, handed["code"])
    assert taken.status_code == 200
    assert taken.json()["user"]["id"] == kim.id
    assert taken.json()["session"] != entered["session"]
    assert taken.json()["access_token"] is None
    with office.rest(**MESSENGER) as client:
        client.cookies.update(dict(taken.cookies))
        assert client.get("/api/me").status_code == 200
        assert client.post("/api/auth/refresh", json={"attempt": "a"}).status_code == 200
    assert code_of(take_over(office, handed["code"])) == "bad_ticket", "once"
    with office.rest(entered["access_token"]) as client:
        assert client.get("/api/me").status_code == 200, "the portal's own goes on"


def test_only_a_portals_page_with_a_tickets_session_hands_off(office: Office) -> None:
    (kim,) = office.some(1)
    token = enter(office, kim.id)["access_token"]
    for origin in (None, OTHER_ORIGIN, "null", office.url, f"{ORIGIN}/"):
        assert code_of(hand_off(office, token, origin)) == "bad_ticket", origin
    assert code_of(hand_off(office, kim.token)) == "bad_ticket", "signed in by a password"
    assert code_of(hand_off(office, "x")) == "unauthorized"


@pytest.mark.parametrize(
    "headers", [{"Origin": ORIGIN}, {"Origin": OTHER_ORIGIN}, {"Sec-Fetch-Site": "cross-site"}, {"X": "y"}]
)
def test_only_a_page_of_ours_takes_over(office: Office, headers: dict[str, str]) -> None:
    (kim,) = office.some(1)
    code = hand_off(office, enter(office, kim.id)["access_token"]).json()["code"]
    assert code_of(take_over(office, code, **headers)) == "not_allowed"
    assert take_over(office, code).status_code == 200, "such a try does not use it up"


def test_a_code_of_one_origin_is_worth_nothing_from_another(office: Office) -> None:
    (kim,) = office.some(1)
    code = hand_off(office, enter(office, kim.id)["access_token"]).json()["code"]
    for origin in ("https://hr.example:8443", OTHER_ORIGIN, "", "null"):
        assert code_of(take_over(office, code, origin)) == "bad_ticket"


def test_a_code_ends_with_the_session_that_made_it(office: Office) -> None:
    (kim,) = office.some(1)
    token = enter(office, kim.id)["access_token"]
    code = hand_off(office, token).json()["code"]
    with office.rest(token) as client:
        assert client.post("/api/auth/sign-out").status_code == 204
    assert code_of(take_over(office, code)) == "bad_ticket"
    enter(office, kim.id)
    assert code_of(take_over(office, code)) == "bad_ticket", "nor does the next session bring it back"


def test_codes_that_are_old_or_not_ours_are_refused(office: Office) -> None:
    (kim,) = office.some(1)
    entered = enter(office, kim.id)
    (secret,) = office.rows("SELECT value FROM installation WHERE name = 'token_secret'")[0]
    key = OctKey.import_key(base64.b64decode(secret))
    now = int(time.time())

    def made(own: OctKey = key, **changes: Any) -> str:
        claims = {
            "sub": kim.id, "sid": entered["session"], "origin": ORIGIN, "jti": f"{time.time_ns()}",
            "exp": now + 60, "aud": "sendjay-handoff",
        } | changes  # fmt: skip
        return jwt.encode({"alg": "HS256"}, claims, own)

    other = OctKey.import_key(b"0" * 32)
    for code in (
        made(other), made(exp=now - 1), made(aud="sendjay"), made(sid="nothing"), made(sid=kim.sessions[0]),
        made(jti=None), made(sub="p0000" if kim.id != "p0000" else "p0001"), made(origin=OTHER_ORIGIN), "",
        "x", "x" * 2000, ticket(kim.id), json.dumps({"code": 1}),
    ):  # fmt: skip
        assert code_of(take_over(office, code)) == "bad_ticket", code
    assert take_over(office, made()).status_code == 200, "this is how ours are made"


def test_who_guesses_codes_or_passwords_shuts_nobody_out_who_has_a_good_code(tmp_path: Path) -> None:
    portal = {"embed_origins": ORIGIN, "embed_secret": SECRET, "sign_in_tries_per_address": 3}
    for office in run_office(tmp_path, people=1, **portal):
        (kim,) = office.some(1)
        token = enter(office, kim.id)["access_token"]
        codes = [code_of(take_over(office, "guessed")) for _ in range(5)]
        assert codes == ["bad_ticket"] * 3 + ["rate_limited"] * 2
        assert take_over(office, hand_off(office, token).json()["code"]).status_code == 200


def test_a_portals_browser_that_is_removed_is_gone_with_the_windows_it_opened(office: Office) -> None:
    (kim,) = office.some(1)
    entered = enter(office, kim.id)
    taken = take_over(office, hand_off(office, entered["access_token"]).json()["code"])
    with office.rest(kim.token) as phone, office.rest(**MESSENGER) as window:
        window.cookies.update(dict(taken.cookies))
        assert window.get("/api/me").status_code == 200
        assert phone.delete(f"/api/me/sessions/{entered['session']}").status_code == 204
        assert code_of(window.get("/api/me")) == "device_removed"
        assert phone.get("/api/me").status_code == 200
        left = [each["id"] for each in phone.get("/api/me/sessions").json()["sessions"]]
    assert sorted(left) == sorted(kim.sessions)


def test_who_removes_the_portals_page_from_the_window_itself_stays(office: Office) -> None:
    (kim,) = office.some(1)
    entered = enter(office, kim.id)
    taken = take_over(office, hand_off(office, entered["access_token"]).json()["code"])
    with office.rest(**MESSENGER) as window:
        window.cookies.update(dict(taken.cookies))
        assert window.delete(f"/api/me/sessions/{entered['session']}").status_code == 204
        assert window.get("/api/me").status_code == 200
