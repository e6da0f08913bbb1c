"""Devices of others, and what a removed device may learn: no more than that it was removed."""

from __future__ import annotations

import base64
import concurrent.futures
import json
import time

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from tests.clients import RefusedError, SocketClient
from tests.serving import Office


def error_of(office: Office, method: str, path: str, token: str | None) -> tuple[int, bytes]:
    with office.rest(token) as rest:
        answer = rest.request(method, path)
    return answer.status_code, answer.content


async def test_others_devices_cannot_be_removed_and_look_like_none(office: Office) -> None:
    one, two = office.some(2)
    async with await SocketClient.connect(office, two) as client:
        absent = error_of(office, "DELETE", "/api/me/sessions/nothing", one.token)
        assert absent[0] == 404
        for session in two.sessions:
            assert error_of(office, "DELETE", f"/api/me/sessions/{session}", one.token) == absent
        await client.settle()
    with office.rest(one.token) as rest:
        assert rest.delete(f"/api/me/sessions/{one.sessions[1]}").status_code == 204
    # Removed already: as if it had never been.
    assert error_of(office, "DELETE", f"/api/me/sessions/{one.sessions[1]}", one.token) == absent
    assert error_of(office, "DELETE", f"/api/me/sessions/{one.sessions[1]}", two.token) == absent


def signed_by_the_server(office: Office, claims: dict[str, str]) -> str:
    (secret,) = office.rows("SELECT value FROM installation WHERE name = 'token_secret'")[0]
    now = int(time.time())
    times = {"iat": now, "exp": now + 60, "aud": "sendjay"}
    return jwt.encode({"alg": "HS256"}, claims | times, OctKey.import_key(base64.b64decode(secret)))


async def test_that_a_device_was_removed_is_told_only_to_a_token_signed_for_it(office: Office) -> None:
    one, two = office.some(2)
    removed = one.sessions[1]
    with office.rest(one.token) as rest:
        assert rest.delete(f"/api/me/sessions/{removed}").status_code == 204
    header, claims, signature = one.tokens[1].split(".")
    altered = base64.urlsafe_b64encode(json.dumps({"sub": two.id, "sid": removed}).encode()).decode()
    tokens = [
        f"{header}.{claims}.",
        f"{header}.{claims}.{signature[:-4]}AAAA",
        f"{header}.{altered.rstrip('=')}.{signature}",
        removed,
        f"{removed}.0.{'A' * 43}",
        # Ours, but of another person: were one ever signed, it would tell them nothing either.
        signed_by_the_server(office, {"sub": two.id, "sid": removed}),
    ]
    for token in tokens:
        with office.rest(token) as rest:
            assert rest.get("/api/me").json()["error"]["code"] == "unauthorized"
        with office.rest() as rest:
            answer = rest.post("/api/auth/refresh", json={"refresh_token": token[:200]})
            assert answer.json()["error"]["code"] == "unauthorized"
        with pytest.raises(RefusedError, match="unauthorized"):
            await SocketClient.connect(office, token)
    with office.rest(two.token) as rest:
        assert rest.get("/api/me").status_code == 200


async def test_a_removed_device_changes_nothing_any_more(office: Office) -> None:
    (one,) = office.some(1)
    with office.rest(one.tokens[0]) as rest:
        assert rest.delete(f"/api/me/sessions/{one.sessions[1]}").status_code == 204
    calls = (
        ("DELETE", f"/api/me/sessions/{one.sessions[0]}"),
        ("DELETE", "/api/me/sessions"),
        ("PATCH", "/api/me"),
        ("PATCH", "/api/me/settings"),
        ("GET", "/api/me/sessions"),
        ("GET", "/api/me/drafts"),
        ("GET", "/api/me/news"),
        ("POST", "/api/auth/sign-out"),
    )
    with office.rest(one.tokens[1]) as rest:
        for method, path in calls:
            answer = rest.request(method, path, json=None if method in ("GET", "DELETE") else {})
            assert (answer.status_code, answer.json()["error"]["code"]) == (401, "device_removed"), path
    with office.rest(one.tokens[0]) as rest:
        assert len(rest.get("/api/me/sessions").raise_for_status().json()["sessions"]) == 2


async def test_two_devices_that_remove_each_other_at_once_do_not_both_succeed(office: Office) -> None:
    """Whichever is written first wins: the other's session has ended by then."""
    for person in office.some(8):
        with (
            office.rest(person.tokens[0]) as first,
            office.rest(person.tokens[1]) as second,
            concurrent.futures.ThreadPoolExecutor(2) as threads,
        ):
            answers = list(
                threads.map(
                    lambda call: call[0].delete(f"/api/me/sessions/{call[1]}").status_code,
                    [(first, person.sessions[1]), (second, person.sessions[0])],
                )
            )
        assert sorted(answers) == [204, 401], answers
        with office.rest(person.tokens[2]) as rest:
            listed = rest.get("/api/me/sessions").raise_for_status().json()["sessions"]
        assert len(listed) == 2
