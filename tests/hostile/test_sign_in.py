"""Guessing, probing and flooding the sign-in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx
import pytest
import pytest_asyncio
from argon2 import PasswordHasher

from tests.accounts.office import PASSWORD, Office, open_office

SIGN_IN = "/api/auth/sign-in"


@pytest_asyncio.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(tmp_path) as opened:
        await opened.hire("kim")
        yield opened


async def attempt(office: Office, login: str, password: str, address: str = "10.0.0.1") -> httpx.Response:
    async with office.client(address) as client:
        return await client.post(SIGN_IN, json={"login": login, "password": password})


async def test_unknown_id_wrong_password_and_disabled_account_look_alike_and_cost_the_same(
    office: Office,
) -> None:
    await office.hire("gone")
    await office.accounts.register.set_disabled("gone", True)
    await office.directory.upsert_users([_imported("imported")])
    answers: list[tuple[int, bytes, list[str]]] = []
    verify = PasswordHasher.verify
    for login, password in (
        ("kim", "wrong"), ("nobody", "wrong"), ("gone", PASSWORD), ("imported", "wrong"), ("\t", "wrong"),
        ("ß" * 190, "wrong")
    ):  # fmt: skip
        costs: list[str] = []

        def spy(self: PasswordHasher, hashed: str, given: bytes, costs: list[str] = costs) -> bool:
            costs.append("$".join(str(hashed).split("$")[1:4]))
            return verify(self, hashed, given)

        with patch.object(PasswordHasher, "verify", spy):
            answer = await attempt(office, login, password)
        answers.append((answer.status_code, answer.content, costs))
    assert answers[0][2] == ["argon2id$v=19$m=19456,t=2,p=1"], "one verification, of real strength"
    assert all(answer == answers[0] for answer in answers)


async def test_guessing_one_account_is_stopped_and_says_when_to_try_again(office: Office) -> None:
    for _ in range(10):
        assert (await attempt(office, "kim", "wrong")).status_code == 403
    refused = await attempt(office, "KIM ", PASSWORD)
    assert refused.status_code == 429
    error = refused.json()["error"]
    assert error["code"] == "rate_limited"
    assert error["retry"] is True
    assert 0 < error["retry_after_ms"] <= 300_000
    assert int(refused.headers["Retry-After"]) >= 1


async def test_an_unknown_account_is_throttled_just_the_same(office: Office) -> None:
    codes = [(await attempt(office, "nobody", "wrong")).status_code for _ in range(11)]
    assert codes == [403] * 10 + [429]


async def test_many_guesses_at_once_do_not_slip_through(office: Office) -> None:
    answers = await asyncio.gather(*(attempt(office, "kim", f"guess {n}") for n in range(30)))
    assert sorted(answer.status_code for answer in answers) == [403] * 10 + [429] * 20


async def test_one_address_cannot_try_every_account(tmp_path: Path) -> None:
    async with open_office(tmp_path, sign_in_tries_per_address=5) as office:
        await office.hire("kim")
        codes = [(await attempt(office, f"person{n}", "wrong", "10.9.9.9")).status_code for n in range(6)]
        assert codes == [403] * 5 + [429]
        assert (await attempt(office, "kim", PASSWORD, "10.9.9.9")).status_code == 429
        assert (await attempt(office, "kim", PASSWORD, "10.0.0.2")).status_code == 200


async def test_signing_in_well_clears_the_accounts_count(office: Office) -> None:
    for _ in range(3):
        for _ in range(9):
            await attempt(office, "kim", "wrong")
        assert (await attempt(office, "kim", PASSWORD)).status_code == 200


async def test_a_whole_office_behind_one_address_signs_in(tmp_path: Path) -> None:
    async with open_office(tmp_path, sign_in_tries_per_address=3) as office:
        await office.hire("kim")
        assert {(await attempt(office, "kim", PASSWORD)).status_code for _ in range(6)} == {200}


async def test_a_forwarded_address_counts_only_from_a_trusted_proxy(tmp_path: Path) -> None:
    async with open_office(
        tmp_path, sign_in_tries_per_address=2, trusted_proxies=["10.0.0.1", "10.1.0.0/16"]
    ) as office:

        async def forwarded(client_address: str, claimed: str) -> int:
            async with office.client(client_address) as client:
                body = {"login": f"x{claimed}", "password": "wrong"}
                return (
                    await client.post(SIGN_IN, json=body, headers={"X-Forwarded-For": claimed})
                ).status_code

        lies = [await forwarded("10.9.9.9", f"1.1.1.{n}") for n in range(3)]
        assert lies == [403, 403, 429], "a stranger's header is not believed"
        told = [await forwarded("10.0.0.1", f"2.2.2.{n}, 10.1.2.3") for n in range(3)]
        assert told == [403, 403, 403], "each person behind the proxies has their own count"
        spoofed = [await forwarded("10.0.0.1", f"3.3.3.{n}, 4.4.4.4") for n in range(3)]
        assert spoofed == [403, 403, 429], "what the client put in front of the proxy's own entry is ignored"


async def test_the_memory_of_tries_is_bounded() -> None:
    from sendjay.accounts.throttle import Throttle

    throttle = Throttle(3, keys=100)
    for number in range(10_000):
        throttle.begin(f"key {number}")
    assert len(throttle._held) == 100  # pyright: ignore[reportPrivateUsage]


async def test_a_flood_hears_busy_and_the_others_are_still_served(office: Office) -> None:
    answers = await asyncio.gather(
        *(attempt(office, f"person{n}", "wrong", f"10.0.{n // 200}.{n % 200}") for n in range(200))
    )
    codes = {answer.status_code for answer in answers}
    assert codes == {403, 503}
    assert {answer.json()["error"]["code"] for answer in answers} == {"wrong_password", "busy"}
    assert (await attempt(office, "kim", PASSWORD)).status_code == 200


BAD_BODIES: list[bytes] = [
    b"", b"{", b"[]", b"null", b"1", b'"x"', b"\xff\xfe", b'{"login": "kim"}',
    b'{"login": 1, "password": "x"}',
    b'{"login": "", "password": "x"}', b'{"login": "kim", "password": ""}',
    b'{"login": null, "password": null}',
    b'{"login": "kim", "password": "x", "admin": true}', b'{"login": "kim", "password": NaN}',
    b'{"login": "kim", "password": "x", "device": {"kind": "fridge"}}',
    b'{"login": "\xed\xa0\x80", "password": "x"}', b'{"login": "kim", "password": "\\ud800"}',
    b'{"login": "\\udfff", "password": "x"}', b'{"login": "' + b"k" * 201 + b'", "password": "x"}',
    b"[" * 15_000, b'{"login":' * 1500, b'{"login": "kim", "password": "' + b"x" * 20_000 + b'"}',
]  # fmt: skip


@pytest.mark.parametrize("body", BAD_BODIES, ids=range(len(BAD_BODIES)))
async def test_bad_input_gets_a_typed_error_and_no_insides(office: Office, body: bytes) -> None:
    async with office.client() as client:
        answer = await client.post(SIGN_IN, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 413), answer.text
    error: dict[str, Any] = answer.json()["error"]
    assert error["code"] in ("malformed", "invalid", "too_long")
    assert "Traceback" not in answer.text
    assert "msgspec" not in answer.text
    assert await office.sign_in("kim")


@pytest.mark.parametrize(
    "path", ["/api/auth/sign-in", "/api/auth/refresh", "/api/auth/password", "/api/nothing", "/nothing"]
)
async def test_wrong_methods_and_paths_answer_in_the_same_shape(office: Office, path: str) -> None:
    async with office.client() as client:
        answer = await client.delete(path)
    assert answer.status_code in (404, 405)
    assert set(answer.json()["error"]) >= {"code", "message"}


async def test_a_fault_of_ours_shows_nothing_of_itself(office: Office) -> None:
    with patch.object(office.accounts, "sign_in", side_effect=ZeroDivisionError("secret insides")):
        answer = await attempt(office, "kim", PASSWORD)
    assert answer.status_code == 500
    assert answer.json()["error"]["code"] == "internal"
    assert "secret" not in answer.text


def _imported(user_id: str) -> Any:
    from sendjay.directory.service import UserEntry

    return UserEntry(user_id, name="들여온 사람")
