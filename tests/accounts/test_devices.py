"""My devices: where I am signed in, and signing out the one that was lost."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sendjay.protocol.errors import Close
from tests.clients import SocketClient
from tests.serving import DEVICES, PASSWORD, Office, Person, eventually, run_office


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    yield from run_office(tmp_path_factory.mktemp("company"), 30, several_connections=True)


@pytest.fixture
def person(company: Office) -> Person:
    (someone,) = company.some(1)
    return someone


def devices(office: Office, token: str) -> list[dict[str, Any]]:
    with office.rest(token) as rest:
        return rest.get("/api/me/sessions").raise_for_status().json()["sessions"]


def remove(office: Office, token: str, session: str) -> int:
    with office.rest(token) as rest:
        return rest.delete(f"/api/me/sessions/{session}").status_code


def code_of(office: Office, token: str) -> tuple[int, str]:
    """How a REST call with this token is refused."""
    with office.rest(token) as rest:
        answer = rest.get("/api/me")
    return answer.status_code, answer.json().get("error", {}).get("code", "")


def sign_in(office: Office, person: Person, **device: str) -> dict[str, Any]:
    with office.rest() as rest:
        body = {"login": person.id, "password": PASSWORD, "device": device}
        return rest.post("/api/auth/sign-in", json=body).raise_for_status().json()


def refresh(office: Office, token: str, **more: str) -> tuple[int, str]:
    with office.rest() as rest:
        answer = rest.post("/api/auth/refresh", json={"refresh_token": token, **more})
    return answer.status_code, answer.json().get("error", {}).get("code", "")


async def hello_refusal(office: Office, token: str) -> tuple[str, int]:
    async with await SocketClient.open(office) as client:
        return await client.refusal("hello", token=token), await client.close_code()


# The list


async def test_each_device_is_listed_with_what_is_known_of_it(company: Office, person: Person) -> None:
    signed_in = sign_in(company, person, id="tablet", kind="app", name="태블릿")
    async with await SocketClient.connect(company, person, device=1):
        listed = devices(company, person.tokens[0])
    assert listed[0]["id"] == signed_in["session"], "the newest sign-in comes first"
    assert [each["created_at"] for each in listed] == sorted((e["created_at"] for e in listed), reverse=True)
    by_id = {each["id"]: each for each in listed}
    assert len(listed) == len(by_id) == 4
    told = {
        session: (each["kind"], each["name"], each["current"], each["connected"])
        for session, each in by_id.items()
    }
    assert told == {
        signed_in["session"]: ("app", "태블릿", False, False),
        person.sessions[0]: (DEVICES[0].kind, DEVICES[0].name, True, False),
        person.sessions[1]: (DEVICES[1].kind, DEVICES[1].name, False, True),
        person.sessions[2]: (DEVICES[2].kind, DEVICES[2].name, False, False),
    }
    assert {each["address"] for each in listed} == {"127.0.0.1"}
    assert all(each["created_at"] <= each["seen_at"] <= time.time() * 1000 for each in listed)


async def test_nobody_sees_the_devices_of_others(company: Office) -> None:
    one, two = company.some(2)
    assert {each["id"] for each in devices(company, one.token)} == set(one.sessions)
    assert {each["id"] for each in devices(company, two.token)} == set(two.sessions)


async def test_a_device_that_is_connected_is_seen_now(company: Office, person: Person) -> None:
    def phone() -> dict[str, Any]:
        listed = devices(company, person.token)
        return next(each for each in listed if each["id"] == person.sessions[2])

    async with await SocketClient.connect(company, person, device=2):
        first = phone()["seen_at"]
        assert eventually(lambda: phone()["seen_at"] > first)
    assert eventually(lambda: not phone()["connected"])


async def test_when_a_device_was_seen_last_outlives_the_server(tmp_path: Path) -> None:
    office = Office(tmp_path, 1, several_connections=True)
    (person,) = office.people
    before = {row[0]: row[1] for row in office.rows("SELECT session_id, seen_at FROM sessions")}
    office.start()
    try:
        came = time.time() * 1000
        async with await SocketClient.connect(office, person, device=1):
            pass
        async with await SocketClient.connect(office, person, device=2):
            office.stop()
        stopped = time.time() * 1000
        after = {row[0]: row[1] for row in office.rows("SELECT session_id, seen_at FROM sessions")}
        desk, laptop, phone = person.sessions
        assert after[desk] == before[desk]
        for session in (laptop, phone):
            assert came - 1 <= after[session] <= stopped
        office.start()
        listed = {each["id"]: each["seen_at"] for each in devices(office, person.token)}
        assert listed == after
    finally:
        office.stop()


# Removing


async def test_a_removed_device_is_out_at_once_and_no_other_is(company: Office) -> None:
    one, two = company.some(2)
    async with (
        await SocketClient.connect(company, one, device=0) as desk,
        await SocketClient.connect(company, one, device=1) as laptop,
        await SocketClient.connect(company, two) as other,
    ):
        assert remove(company, one.tokens[0], one.sessions[1]) == 204
        assert await laptop.close_code() == Close.STOP
        assert laptop.events[-1] == {"ev": "signed_out", "reason": "device_removed"}
        room = await other.create(one)
        await other.send(room, "after the removal")
        await desk.event("message.new")
        assert not laptop.got("message.new")
        assert {each["id"] for each in devices(company, one.tokens[0])} == {one.sessions[0], one.sessions[2]}
        assert {each["id"] for each in devices(company, two.token)} == set(two.sessions)
    assert code_of(company, one.tokens[2]) == (200, "")


async def test_a_device_that_was_away_learns_that_it_is_to_wipe_what_it_keeps(
    company: Office, person: Person
) -> None:
    away = sign_in(company, person, id="lost", kind="app")
    assert remove(company, person.token, away["session"]) == 204
    for _ in range(2):
        assert code_of(company, away["access_token"]) == (401, "device_removed")
        assert await hello_refusal(company, away["access_token"]) == ("device_removed", Close.STOP)
        assert refresh(company, away["refresh_token"]) == (401, "device_removed")
    with company.rest() as rest:
        cookies = {"Cookie": f"sendjay_access={away['access_token']}"}
        assert rest.get("/api/rooms", headers=cookies).json()["error"]["code"] == "device_removed"


async def test_it_learns_so_with_an_older_refresh_token_too(company: Office, person: Person) -> None:
    away = sign_in(company, person, id="lost", kind="app")
    assert refresh(company, away["refresh_token"], attempt="once")[0] == 200
    assert remove(company, person.token, away["session"]) == 204
    assert refresh(company, away["refresh_token"], attempt="late") == (401, "device_removed")


async def test_no_other_end_of_a_session_asks_a_device_to_wipe(company: Office) -> None:
    signed_out, reused, changed, replaced = company.some(4)
    with company.rest(signed_out.tokens[1]) as rest:
        assert rest.post("/api/auth/sign-out", json={}).status_code == 204
    assert code_of(company, signed_out.tokens[1]) == (401, "unauthorized")
    assert await hello_refusal(company, signed_out.tokens[1]) == ("unauthorized", Close.REFRESH)

    held = sign_in(company, reused, id="copied")
    assert refresh(company, held["refresh_token"], attempt="mine")[0] == 200
    assert refresh(company, held["refresh_token"], attempt="thiefs") == (401, "unauthorized")
    assert code_of(company, held["access_token"]) == (401, "unauthorized")

    with company.rest(changed.tokens[0]) as rest:
        body = {"current": PASSWORD, "new": "twenty white swans"}
        assert rest.post("/api/auth/password", json=body).status_code == 204
    assert code_of(company, changed.tokens[1]) == (401, "unauthorized")

    sign_in(company, replaced, id=DEVICES[1].id)
    assert code_of(company, replaced.tokens[1]) == (401, "unauthorized")


async def test_all_other_devices_at_once(company: Office) -> None:
    one, two = company.some(2)
    async with (
        await SocketClient.connect(company, one, device=0) as desk,
        await SocketClient.connect(company, one, device=2) as phone,
    ):
        with company.rest(one.tokens[0]) as rest:
            assert rest.delete("/api/me/sessions").status_code == 204
        assert await phone.close_code() == Close.STOP
        await desk.settle()
        assert [each["id"] for each in devices(company, one.tokens[0])] == [one.sessions[0]]
    for token in one.tokens[1:]:
        assert code_of(company, token) == (401, "device_removed")
    assert {each["id"] for each in devices(company, two.token)} == set(two.sessions)


async def test_the_device_in_hand_may_be_removed_like_any_other(company: Office, person: Person) -> None:
    assert remove(company, person.token, person.sessions[0]) == 204
    assert code_of(company, person.token) == (401, "device_removed")
    assert len(devices(company, person.tokens[1])) == 2


async def test_signing_in_anew_on_a_removed_device_is_a_session_like_any_other(
    company: Office, person: Person
) -> None:
    assert remove(company, person.token, person.sessions[1]) == 204
    again = sign_in(company, person, id=DEVICES[1].id)
    assert code_of(company, again["access_token"]) == (200, "")
    assert code_of(company, person.tokens[1]) == (401, "device_removed")
