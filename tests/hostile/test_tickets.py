"""Tickets that nobody signed, that are for others, too old, too long, or used before."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.embed.portal import (
    ORIGIN,
    OTHER_ORIGIN,
    SECRET,
    base64url,
    claims_of,
    code_of,
    enter,
    exchange,
    sign,
    ticket,
)
from tests.nursery import run_program
from tests.serving import Office, run_office


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    settings = {"embed_origins": ORIGIN, "embed_secret": SECRET, "sign_in_tries_per_address": 100_000}
    yield from run_office(folder, log_level="debug", **settings)


def user(office: Office, *words: str) -> None:
    """`sendjay user …` on this server."""
    environment = {"SENDJAY_DATA_DIR": str(office.data), "SENDJAY_PORT": "0"}
    run_program("user", *words, env=environment, cwd=office.data).check_returncode()


def head(**fields: Any) -> str:
    return base64url(json.dumps(fields).encode())


def bad_tickets(person: str) -> dict[str, str]:
    now = int(time.time())
    good = ticket(person)
    _, payload, signature = good.split(".")
    return {
        "nothing of a ticket": "x",
        "dots": "..",
        "more parts": f"{good}.{signature}",
        "no signature": f"{good.rpartition('.')[0]}.",
        "another signature": good[:-4] + ("AAAA" if good[-4:] != "AAAA" else "BBBB"),
        "alg none": f"{head(alg='none')}.{payload}.",
        "alg none with a signature": f"{head(alg='none')}.{payload}.{signature}",
        "alg in capitals": f"{head(alg='NONE')}.{payload}.",
        "no alg": sign(claims_of(person), header={"typ": "JWT"}),
        "alg that is a list": sign(claims_of(person), header={"alg": ["HS256"]}),
        "a header that is a list": sign(claims_of(person), header=["alg"]),
        "a header that is a number": sign(claims_of(person), header=7),
        "a crit that nobody knows": sign(
            claims_of(person), header={"alg": "HS256", "crit": ["exp"], "exp": 1}
        ),
        "a kid that is an object": sign(claims_of(person), header={"alg": "HS256", "kid": {}, "crit": []}),
        "another secret": ticket(person, secret="x" * 40),
        "an empty secret": ticket(person, secret=""),
        "another audience": ticket(person, aud="other"),
        "audiences without us": ticket(person, aud=["a", "Sendjay", "sendjay "]),
        "no audience": ticket(person, aud=...),
        "no sub": ticket(person, sub=...),
        "an empty sub": ticket(person, sub=""),
        "a sub that is a number": ticket(person, sub=7),
        "a sub of a line too much": ticket(person, sub=f"{person}\n\u0000"),
        "a long sub": ticket(person, sub="x" * 201),
        "no jti": ticket(person, jti=...),
        "an empty jti": ticket(person, jti=""),
        "a jti that is a list": ticket(person, jti=["a"]),
        "no iat": ticket(person, iat=...),
        "no exp": ticket(person, exp=...),
        "exp in words": ticket(person, exp="tomorrow"),
        "exp that is true": ticket(person, exp=True),
        "ten minutes": ticket(person, exp=now + 600),
        "ten minutes, begun in the past": ticket(person, iat=now - 560, exp=now + 40),
        "from the future": ticket(person, iat=now + 3600, exp=now + 3660),
        "not before an hour": ticket(person, nbf=now + 3600),
        "expired": ticket(person, iat=now - 200, exp=now - 31),
        "never ends": sign(_with(claims_of(person), b'"exp": 1e400')),
        "no number": sign(_with(claims_of(person), b'"exp": NaN')),
        "claims that are a list": sign([claims_of(person)]),
        "claims that are no JSON": sign(b"{"),
        "claims that are no UTF-8": sign(b'{"sub": "\xff\xfe"}'),
        "half a surrogate": sign(b'{"sub": "\\ud800", "aud": "sendjay"}'),
        "deep claims": sign(b'{"name":' + b"[" * 2500 + b"]" * 2500 + b"}"),
        "a deep header": f"{base64url(b'[' * 2500 + b']' * 2500)}.{payload}.{signature}",
        "nobody": ticket("nobody-of-this-name"),
        "nobody, with a name": ticket("nobody-of-this-name", name="Nobody"),
    }


def _with(claims: dict[str, Any], part: bytes) -> bytes:
    del claims["exp"]
    return json.dumps(claims).encode()[:-1] + b", " + part + b"}"


@pytest.mark.parametrize("name", bad_tickets("p0000"))
def test_a_bad_ticket_is_refused_and_all_are_refused_alike(office: Office, name: str) -> None:
    (kim,) = office.some(1)
    answer = exchange(office, bad_tickets(kim.id)[name])
    assert code_of(answer) == "bad_ticket"
    assert answer.json() == exchange(office, "x").json()
    assert answer.status_code == 403


def test_what_is_no_request_for_a_session_is_refused(office: Office) -> None:
    (kim,) = office.some(1)
    good = {"id": "portal-browser-1", "name": ""}
    bodies: list[Any] = [
        {}, {"ticket": ticket(kim.id)}, {"ticket": 7, "device": good}, {"ticket": "", "device": good},
        {"ticket": "x" * 8193, "device": good}, {"ticket": ticket(kim.id), "device": {"id": "short"}},
        {"ticket": ticket(kim.id), "device": {"id": "x" * 65}}, {"ticket": ticket(kim.id)[:50]},
        {"ticket": ticket(kim.id), "device": good, "more": 1},
    ]  # fmt: skip
    with office.rest() as client:
        for body in bodies:
            assert code_of(client.post("/api/embed/session", json=body)) == "invalid", body
        huge = {"ticket": "x" * 100_000, "device": good}
        assert code_of(client.post("/api/embed/session", json=huge)) == "too_long"
        deep = b'{"ticket":' + b"[" * 8000
        answer = client.post("/api/embed/session", content=deep, headers={"Content-Type": "application/json"})
        assert answer.status_code == 400


def test_what_was_tried_is_told_in_the_log_without_the_ticket(office: Office) -> None:
    (kim,) = office.some(1)
    word = ticket(kim.id, aud="for-somebody-else")
    exchange(office, word)
    said = office.said()
    assert "its aud is not embed_audience" in said
    for part in word.split(".")[1:]:
        assert part not in said


# One use


async def test_of_twenty_at_the_same_time_exactly_one_gets_a_session(office: Office) -> None:
    (kim,) = office.some(1)
    word = ticket(kim.id)
    async with httpx.AsyncClient(base_url=office.url, timeout=30, trust_env=False) as client:
        answers = await asyncio.gather(
            *(
                client.post(
                    "/api/embed/session", json={"ticket": word, "device": {"id": f"browser-{number:02}"}}
                )
                for number in range(20)
            )
        )
    assert sorted(answer.status_code for answer in answers) == [200, *[403] * 19]
    found = office.rows("SELECT 1 FROM sessions WHERE user_id = ? AND device_id LIKE 'browser-%'", kim.id)
    assert len(found) == 1


def test_a_used_number_is_worth_nothing_for_anybody_else_either(office: Office) -> None:
    kim, lee = office.some(2)
    number = str(uuid.uuid4())
    assert exchange(office, ticket(kim.id, jti=number)).status_code == 200
    assert code_of(exchange(office, ticket(lee.id, jti=number))) == "bad_ticket"
    assert code_of(exchange(office, ticket(kim.id, jti=number))) == "bad_ticket"


def test_a_used_ticket_stays_used_when_the_server_is_killed(tmp_path: Path) -> None:
    for office in run_office(tmp_path, people=1, embed_secret=SECRET):
        (kim,) = office.some(1)
        word = ticket(kim.id)
        assert exchange(office, word).status_code == 200
        office.kill()
        office.start()
        assert code_of(exchange(office, word)) == "bad_ticket"
        assert exchange(office, ticket(kim.id)).status_code == 200


def test_what_was_used_is_forgotten_when_it_could_not_be_used_any_more(office: Office) -> None:
    (kim,) = office.some(1)
    word = ticket(kim.id)
    assert exchange(office, word).status_code == 200
    (kept,) = office.rows("SELECT MAX(expires_at) FROM used_tickets")[0]
    now = time.time() * 1000
    assert now + 90_000 < kept < now + 200_000, "beyond its end, the leeway and what clocks may differ by"
    database = sqlite3.connect(office.data / "sendjay.db", timeout=10)
    with database:
        old = [(f"old-{number}", int(now) - 1000) for number in range(150)]
        database.executemany("INSERT INTO used_tickets (ticket_id, expires_at) VALUES (?, ?)", old)
    database.close()
    left = "SELECT COUNT(*) FROM used_tickets WHERE ticket_id LIKE 'old-%'"
    for many in (50, 0):
        enter(office, kim.id)
        assert office.rows(left) == [(many,)], "some at a time, so that nobody waits for it"
    assert code_of(exchange(office, word)) == "bad_ticket"


def test_guessing_tickets_is_slowed_down_and_good_ones_are_not_counted(tmp_path: Path) -> None:
    for office in run_office(tmp_path, people=1, embed_secret=SECRET, sign_in_tries_per_address=5):
        (kim,) = office.some(1)
        for _ in range(12):
            enter(office, kim.id)
        used = ticket(kim.id)
        assert exchange(office, used).status_code == 200
        codes = [code_of(exchange(office, word)) for word in ["x.y.z"] * 3 + [used] * 4]
        assert codes == ["bad_ticket"] * 5 + ["rate_limited"] * 2
        # An office behind one address is not shut out by one of them who guesses.
        assert exchange(office, ticket(kim.id)).status_code == 200


# Whom it names


def test_disabled_people_and_machines_have_no_tickets(office: Office) -> None:
    (kim,) = office.some(1)
    entered = enter(office, kim.id)
    user(office, "disable", kim.id)
    user(office, "add", "erp-robot", "--kind", "integration", "--generate")
    with office.rest(entered["access_token"]) as client:
        assert client.get("/api/me").status_code == 401, "the session has ended as well"
    for person in (kim.id, "erp-robot", "ERP-Robot"):
        assert code_of(exchange(office, ticket(person, name="Kim"))) == "bad_ticket"


def test_where_tickets_bring_people_in_they_cannot_bring_in_just_anything(tmp_path: Path) -> None:
    names = {
        "no name": ..., "null": None, "nothing": "", "spaces": "  ", "too long": "x" * 101,
        "controls": "a\u0007b",
    }  # fmt: skip
    settings = {"embed_secret": SECRET, "embed_creates_people": "true"}
    for office in run_office(tmp_path, people=1, **settings):
        for what, name in names.items():
            assert code_of(exchange(office, ticket("new-one", name=name))) == "bad_ticket", what
        for person in ("a\u0000b", "\u200b", "   ", "\u202eadmin"):
            assert code_of(exchange(office, ticket(person, name="Kim"))) == "bad_ticket", repr(person)
        assert office.rows("SELECT COUNT(*) FROM users") == [(1,)]
        claims = {"kind": "admin", "source": "account", "disabled": True, "id": "p0000", "login": "p0000"}
        added = exchange(office, ticket("new-one", name="New", **claims))
        assert added.status_code == 200, "what is no claim of ours is nothing"
        rows = office.rows("SELECT kind, source, disabled FROM users WHERE user_id = 'new-one'")
        assert rows == [("user", "ticket", 0)]


@pytest.mark.parametrize("spelt", ["p0000", "P0000", " p0000 "])
def test_nobody_makes_an_account_that_another_persons_tickets_would_open(tmp_path: Path, spelt: str) -> None:
    """Who signs in with something else than their user id may come with either in a ticket."""
    for office in run_office(tmp_path, people=2, embed_secret=SECRET, sign_up="true"):
        kim = office.people[0]
        with sqlite3.connect(office.data / "sendjay.db", timeout=10) as database:
            database.execute("UPDATE users SET login_key = 'minji.kim' WHERE user_id = ?", (kim.id,))
        with office.rest() as client:
            asked = {"login": spelt, "password": "a password long enough", "name": "Kim"}
            assert code_of(client.post("/api/auth/sign-up", json=asked)) == "conflict"
        assert enter(office, kim.id)["user"]["id"] == kim.id


# Ours and others


def test_our_own_access_tokens_and_codes_are_no_tickets(office: Office) -> None:
    (kim,) = office.some(1)
    entered = enter(office, kim.id)
    with office.rest(entered["access_token"], Origin=ORIGIN) as client:
        code = client.post("/api/embed/handoff", json={}).json()["code"]
    for word in (kim.token, entered["access_token"], code):
        assert code_of(exchange(office, word)) == "bad_ticket"
    for token in (code, ticket(kim.id)):
        with office.rest(token) as client:
            assert client.get("/api/me").status_code == 401
    with office.rest(**{"Sec-Fetch-Site": "same-origin"}) as client:
        for word in (kim.token, entered["access_token"], ticket(kim.id)):
            answer = client.post("/api/auth/handoff", json={"code": word, "origin": ORIGIN, "cookies": True})
            assert code_of(answer) == "bad_ticket"


def test_a_ticket_session_has_nothing_to_refresh_with(office: Office) -> None:
    (kim,) = office.some(1)
    session = enter(office, kim.id)["session"]
    with office.rest() as client:
        for counter in ("0", "-1", "-2"):
            word = {"refresh_token": f"{session}.{counter}.{'A' * 43}", "attempt": "x"}
            assert code_of(client.post("/api/auth/refresh", json=word)) == "unauthorized"
    assert office.rows("SELECT ended_at FROM sessions WHERE session_id = ?", session) == [(0,)]


def test_another_origins_page_gets_no_session_that_it_could_read(office: Office) -> None:
    (kim,) = office.some(1)
    answer = exchange(office, ticket(kim.id), Origin=OTHER_ORIGIN)
    assert "access-control-allow-origin" not in answer.headers
