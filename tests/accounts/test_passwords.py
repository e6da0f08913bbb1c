"""Changing a password."""

from __future__ import annotations

import pytest

from sendjay.protocol.errors import Refused
from sendjay.realtime.deliveries import SessionEnded
from tests.accounts.office import PASSWORD, Office


async def test_changing_it_keeps_this_session_and_ends_the_others(office: Office) -> None:
    await office.hire("kim")
    other = await office.sign_in("kim")
    async with await office.signed_in("kim") as client:
        changed = await client.post("/api/auth/password", json={"current": PASSWORD, "new": "another one"})
        assert changed.status_code == 204
        assert (await client.get("/api/me")).status_code == 200
    async with office.client(token=other["access_token"]) as client:
        assert (await client.get("/api/me")).status_code == 401
    assert office.delivered == [SessionEnded((other["session"],), "kim", "password_changed")]
    await office.sign_in("kim", "another one")
    async with office.client() as client:
        old = await client.post("/api/auth/sign-in", json={"login": "kim", "password": PASSWORD})
    assert old.json()["error"]["code"] == "wrong_password"


async def test_it_needs_the_current_one_and_a_new_one_that_is_long_enough(office: Office) -> None:
    await office.hire("kim")
    async with await office.signed_in("kim") as client:
        wrong = await client.post("/api/auth/password", json={"current": "wrong", "new": "another one"})
        assert wrong.json()["error"]["code"] == "wrong_password"
        short = await client.post("/api/auth/password", json={"current": PASSWORD, "new": "short"})
        assert short.json()["error"] == {
            "code": "invalid",
            "message": "A password has 8 characters at least. Please choose a longer one.",
        }
        long = await client.post("/api/auth/password", json={"current": PASSWORD, "new": "가" * 400})
        assert long.json()["error"]["code"] == "invalid"
    await office.sign_in("kim")


async def test_a_password_may_have_1024_bytes(office: Office) -> None:
    await office.hire("kim")
    await office.accounts.register.reset_password("kim", "x" * 1024)
    await office.sign_in("kim", "x" * 1024)


async def test_an_administrators_reset_ends_every_session(office: Office) -> None:
    await office.hire("kim")
    held = await office.sign_in("kim")
    await office.accounts.register.reset_password("kim", "from the admin")
    assert office.delivered == [SessionEnded((held["session"],), "kim", "password_reset")]


async def test_nobody_has_no_password_to_reset(office: Office) -> None:
    with pytest.raises(Refused, match="not_found"):
        await office.accounts.register.reset_password("nobody", "long enough")


async def test_a_stolen_session_cannot_guess_the_password_for_ever(office: Office) -> None:
    await office.hire("kim")
    async with await office.signed_in("kim") as client:
        codes = [
            (
                await client.post("/api/auth/password", json={"current": f"guess {n}", "new": "another one"})
            ).json()["error"]["code"]
            for n in range(11)
        ]
    assert codes == ["wrong_password"] * 10 + ["rate_limited"]
    await office.sign_in("kim")
