"""Refresh tokens rotate; an old one that comes back ends the session."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from sendjay.realtime.deliveries import SessionEnded
from tests.accounts.office import Office


async def refresh(office: Office, token: str, attempt: str = "") -> httpx.Response:
    async with office.client() as client:
        return await client.post("/api/auth/refresh", json={"refresh_token": token, "attempt": attempt})


async def is_in(office: Office, answer: dict[str, Any]) -> bool:
    async with office.client(token=answer["access_token"]) as client:
        return (await client.get("/api/me")).status_code == 200


@pytest.fixture
async def signed_in(office: Office) -> dict[str, Any]:
    await office.hire("kim")
    return await office.sign_in("kim")


async def test_each_refresh_gives_a_new_token_of_the_same_session(
    office: Office, signed_in: dict[str, Any]
) -> None:
    token = signed_in["refresh_token"]
    for turn in range(3):
        answer = (await refresh(office, token, f"attempt-{turn}")).json()
        assert answer["session"] == signed_in["session"]
        assert answer["refresh_token"] != token
        assert await is_in(office, answer)
        token = answer["refresh_token"]


async def test_an_answer_that_was_lost_can_be_asked_for_again(
    office: Office, signed_in: dict[str, Any]
) -> None:
    first = (await refresh(office, signed_in["refresh_token"], "once")).json()
    second = (await refresh(office, signed_in["refresh_token"], "once")).json()
    assert first["refresh_token"] == second["refresh_token"]
    assert (await refresh(office, second["refresh_token"], "next")).status_code == 200


async def test_the_same_attempt_twice_at_once_signs_nobody_out(
    office: Office, signed_in: dict[str, Any]
) -> None:
    answers = await asyncio.gather(*(refresh(office, signed_in["refresh_token"], "once") for _ in range(8)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["refresh_token"] for answer in answers}) == 1


@pytest.mark.parametrize(("first", "second"), [("mine", "thiefs"), ("mine", ""), ("", "")])
async def test_an_old_token_with_another_attempt_ends_the_session(
    office: Office, signed_in: dict[str, Any], first: str, second: str
) -> None:
    good = (await refresh(office, signed_in["refresh_token"], first)).json()
    assert (await refresh(office, signed_in["refresh_token"], second)).status_code == 401
    assert SessionEnded((signed_in["session"],), "kim", "refresh_reuse") in office.delivered
    assert not await is_in(office, good)
    assert (await refresh(office, good["refresh_token"], "later")).status_code == 401


async def test_a_token_two_turns_old_ends_the_session_even_with_its_attempt(
    office: Office, signed_in: dict[str, Any]
) -> None:
    second = (await refresh(office, signed_in["refresh_token"], "a")).json()
    await refresh(office, second["refresh_token"], "a")
    assert (await refresh(office, signed_in["refresh_token"], "a")).status_code == 401
    assert not await is_in(office, second)


async def test_a_forged_token_ends_nothing(office: Office, signed_in: dict[str, Any]) -> None:
    session, counter, mac = signed_in["refresh_token"].split(".")
    forged = [
        f"{session}.{int(counter) + 1}.{mac}", f"{session}.{counter}.{mac[:-2]}AA", f"{session}.{counter}.",
        f"{session}.-1.{mac}", f"{session}.٣.{mac}", "", ".", "..", "x" * 200, f"{session}.{'9' * 100}.{mac}",
    ]  # fmt: skip
    for token in forged:
        assert (await refresh(office, token)).status_code == 401, token
    assert await is_in(office, signed_in)
    assert (await refresh(office, signed_in["refresh_token"])).status_code == 200
