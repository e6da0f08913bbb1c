"""A password that changes while the old one is still being worked with."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from unittest.mock import patch

import pytest_asyncio

from sendjay.accounts.passwords import Passwords
from tests.accounts.office import PASSWORD, Office, open_office

SET_BY_ADMIN = "what the administrator set"
WANTED_BY_THIEF = "what the thief would like"


@pytest_asyncio.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(tmp_path, sign_in_tries_per_address=5) as opened:
        await opened.hire("kim")
        yield opened


async def status(office: Office, password: str, address: str = "10.0.0.9") -> int:
    async with office.client(address) as client:
        body = {"login": "kim", "password": password}
        return (await client.post("/api/auth/sign-in", json=body)).status_code


def just_before_hashing(
    of: str, first: Callable[[], Awaitable[None]]
) -> Callable[[Passwords, bytes], Awaitable[str]]:
    """What Passwords.hash does, with something done first when it is this password's turn."""
    hash_really = Passwords.hash

    async def hashing(self: Passwords, password: bytes) -> str:
        if password == of.encode():
            await first()
        return await hash_really(self, password)

    return hashing


async def test_a_change_under_way_does_not_win_over_an_administrators_reset(office: Office) -> None:
    async def reset() -> None:
        await office.accounts.register.reset_password("kim", SET_BY_ADMIN)

    thief = await office.signed_in("kim")
    with patch.object(Passwords, "hash", just_before_hashing(WANTED_BY_THIEF, reset)):
        async with thief:
            body = {"current": PASSWORD, "new": WANTED_BY_THIEF}
            answer = await thief.post("/api/auth/password", json=body)
    assert answer.status_code in (401, 403), answer.text
    assert await status(office, WANTED_BY_THIEF) == 403
    assert await status(office, SET_BY_ADMIN) == 200


async def test_a_session_that_ended_meanwhile_changes_no_password(office: Office) -> None:
    thief = await office.signed_in("kim")

    async def sign_out() -> None:
        assert (await thief.post("/api/auth/sign-out", json={})).status_code == 204

    with patch.object(Passwords, "hash", just_before_hashing(WANTED_BY_THIEF, sign_out)):
        async with thief:
            body = {"current": PASSWORD, "new": WANTED_BY_THIEF}
            answer = await thief.post("/api/auth/password", json=body)
    assert answer.status_code == 401, answer.text
    assert await status(office, PASSWORD) == 200


async def test_renewing_an_old_hash_does_not_bring_an_old_password_back(office: Office) -> None:
    async def reset() -> None:
        await office.accounts.register.reset_password("kim", SET_BY_ADMIN)

    with (
        patch.object(Passwords, "is_outdated", return_value=True),
        patch.object(Passwords, "hash", just_before_hashing(PASSWORD, reset)),
    ):
        await status(office, PASSWORD)
    assert await status(office, PASSWORD) == 403
    assert await status(office, SET_BY_ADMIN) == 200


async def test_a_household_of_addresses_counts_as_one(office: Office) -> None:
    """Whoever has one IPv6 address has 2^64 of them to guess from."""

    async def guess(address: str, login: str) -> int:
        async with office.client(address) as client:
            body = {"login": login, "password": "wrong"}
            return (await client.post("/api/auth/sign-in", json=body)).status_code

    codes = [await guess(f"2001:db8:1:2:{n:x}::{n:x}", f"person{n}") for n in range(1, 7)]
    assert codes == [403] * 5 + [429]
    assert await guess("2001:db8:1:3::1", "person7") == 403, "the neighbours are somebody else"
    mapped = [await guess(f"::ffff:10.1.1.{n}", f"mapped{n}") for n in range(1, 7)]
    assert mapped == [403] * 6, "IPv4 in IPv6's clothes are addresses of their own"
