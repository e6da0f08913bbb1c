"""Forged tokens, forged requests from other sites, and routes tried without signing in."""

from __future__ import annotations

import json
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from joserfc import jwt
from joserfc.jwk import OctKey

from tests.accounts.office import PASSWORD, Office, open_office

OPEN = {
    "/api/auth/sign-in", "/api/auth/sign-up", "/api/auth/refresh", "/api/auth/handoff", "/api/server",
}  # fmt: skip


@pytest_asyncio.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(tmp_path, allowed_origins=["https://portal.example"]) as opened:
        await opened.hire("kim")
        await opened.hire("boss", kind="admin")
        yield opened


def encoded(value: dict[str, Any]) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


async def test_every_route_is_closed_to_strangers_but_those_that_say_so(office: Office) -> None:
    tried = 0
    async with office.client() as client:
        for route in office.app.routes:
            path = route.path.replace("{person:str}", "kim")
            for method in sorted(route.methods - {"OPTIONS"}):
                if route.path in OPEN:
                    continue
                answer = await client.request(method, path, json={})
                assert answer.status_code == 401, f"{method} {path}"
                assert answer.json()["error"]["code"] == "unauthorized"
                assert answer.headers["WWW-Authenticate"] == "Bearer"
                tried += 1
    assert tried >= 9


async def test_forged_and_altered_tokens_open_nothing(office: Office) -> None:
    token = (await office.sign_in("kim"))["access_token"]
    header, payload, signature = token.split(".")
    claims = json.loads(urlsafe_b64decode(payload + "=="))
    own_key = OctKey.import_key(b"0" * 32)
    (secret,) = office.query("SELECT value FROM installation WHERE name = 'token_secret'")[0]
    real_key = OctKey.import_key(urlsafe_b64decode(secret.replace("+", "-").replace("/", "_")))

    def signed(key: OctKey, **changes: Any) -> str:
        return jwt.encode({"alg": "HS256"}, claims | changes, key)

    async with office.client(token=signed(real_key)) as client:
        assert (await client.get("/api/me")).status_code == 200, "this is how ours are made"
    forged = [
        "", "x", "a.b.c", "..", "Bearer", token + "x", token[:-1], f"{header}.{payload}.", "x" * 5000,
        f"{encoded({'alg': 'none'})}.{payload}.", f"{encoded({'alg': 'none'})}.{payload}.{signature}",
        f"{header}.{encoded(claims | {'sub': 'boss'})}.{signature}",
        signed(own_key), signed(real_key, sub="boss"), signed(real_key, sid="nothing"),
        signed(real_key, sid=None),
        signed(real_key, aud="other"),
        signed(real_key, exp=int(time.time()) - 1), signed(real_key, exp="never"),
        signed(real_key, exp=True),
        jwt.encode({"alg": "HS512"}, claims, OctKey.import_key(b"1" * 64), algorithms=["HS512"]),
    ]  # fmt: skip
    for each in forged:
        async with office.client(token=each or "-") as client:
            answer = await client.get("/api/me")
        assert answer.status_code == 401, each[:200]


@pytest.mark.parametrize("header", ["Basic a2ltOng=", "Bearer", "Bearer  ", "bearer x", "Token x", ""])
async def test_other_kinds_of_authorization_open_nothing(office: Office, header: str) -> None:
    async with office.client() as client:
        answer = await client.get("/api/me", headers={"Authorization": header})
    assert answer.status_code == 401


async def cookies_of(office: Office, scheme: str = "http") -> tuple[dict[str, str], list[str]]:
    async with office.client(scheme=scheme) as client:
        answer = await client.post(
            "/api/auth/sign-in",
            json={"login": "kim", "password": PASSWORD, "cookies": True},
            headers={"Sec-Fetch-Site": "same-origin"},
        )
    assert answer.status_code == 200, answer.text
    assert answer.json()["access_token"] is None
    assert answer.json()["refresh_token"] is None
    return dict(answer.cookies), answer.headers.get_list("set-cookie")


async def test_cookies_are_out_of_reach_of_scripts_and_other_sites(office: Office) -> None:
    _, set_cookies = await cookies_of(office)
    assert len(set_cookies) == 2
    for line in set_cookies:
        assert "HttpOnly" in line
        assert "SameSite=strict" in line
        assert "Secure" not in line, "plain http: a Secure cookie would never come back"
    assert "Path=/;" in set_cookies[0]
    assert set_cookies[0].startswith("sendjay_access=")
    assert "Path=/api/auth;" in set_cookies[1]
    assert set_cookies[1].startswith("sendjay_refresh=")
    _, set_cookies = await cookies_of(office, "https")
    assert all("Secure" in line for line in set_cookies)


FROM_ELSEWHERE: list[dict[str, str]] = [
    {},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
    {"Origin": "https://portal.example.evil.example"},
]
FROM_HERE: list[dict[str, str]] = [
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": "http://office.example"},
    {"Origin": "https://portal.example", "Sec-Fetch-Site": "cross-site"},
]


@pytest.mark.parametrize("headers", FROM_ELSEWHERE)
async def test_another_site_cannot_act_with_the_cookie(office: Office, headers: dict[str, str]) -> None:
    jar, _ = await cookies_of(office)
    async with office.client() as client:
        client.cookies.update(jar)
        for path, body in (
            ("/api/auth/sign-out", {}),
            ("/api/auth/refresh", {}),
            ("/api/auth/password", {"current": PASSWORD, "new": "long enough"}),
            ("/api/directory/people", {"ids": []}),
            ("/api/auth/sign-in", {"login": "kim", "password": PASSWORD, "cookies": True}),
        ):
            answer = await client.post(path, json=body, headers=headers)
            assert answer.status_code == 403, path
            assert answer.json()["error"]["code"] == "not_allowed"
        assert (await client.patch("/api/me", json={}, headers=headers)).status_code == 403
        assert (await client.get("/api/me", headers=headers)).status_code == 200, "reading changes nothing"


@pytest.mark.parametrize("headers", FROM_HERE)
async def test_our_own_pages_can(office: Office, headers: dict[str, str]) -> None:
    jar, _ = await cookies_of(office)
    async with office.client() as client:
        client.cookies.update(jar)
        assert (await client.patch("/api/me", json={}, headers=headers)).status_code == 200
        renewed = await client.post("/api/auth/refresh", json={"attempt": "a"}, headers=headers)
        assert renewed.status_code == 200
        assert renewed.json()["access_token"] is None
        assert renewed.cookies["sendjay_refresh"] != jar["sendjay_refresh"]
        client.cookies.update(dict(renewed.cookies))
        left = await client.post("/api/auth/sign-out", json={}, headers=headers)
        assert left.status_code == 204
        assert all("Max-Age=0" in line for line in left.headers.get_list("set-cookie"))


async def test_a_bearer_token_needs_no_origin(office: Office) -> None:
    async with await office.signed_in("kim") as client:
        assert (await client.patch("/api/me", json={})).status_code == 200


async def test_tokens_are_kept_out_of_caches(office: Office) -> None:
    async with office.client() as client:
        answer = await client.post("/api/auth/sign-in", json={"login": "kim", "password": PASSWORD})
    assert answer.headers["Cache-Control"] == "no-store"
