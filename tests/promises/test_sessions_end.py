"""G9: signing out, a new password, disabling and expiry act at once, on every path."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from sendjay.protocol.errors import Close
from tests.clients import LostError, RefusedError, SocketClient, new_key
from tests.nursery import run_program
from tests.promises.conftest import FAST_TALKERS
from tests.serving import PASSWORD, Office


async def signed_out_everywhere(office: Office, client: SocketClient, token: str) -> None:
    assert await client.close_code() == Close.STOP
    assert client.events[-1]["ev"] == "signed_out"
    with office.rest(token) as rest:
        for path in ("/api/rooms", "/api/me", "/api/directory/orgs"):
            answer = rest.get(path)
            assert (answer.status_code, answer.json()["error"]["code"]) == (401, "unauthorized")
    with pytest.raises((RefusedError, LostError)):
        await SocketClient.connect(office, token)


async def test_signing_out_ends_that_session_at_once_and_no_other(office: Office) -> None:
    one, two = office.some(2)
    async with (
        await SocketClient.connect(office, one, device=0) as desk,
        await SocketClient.connect(office, one, device=1) as laptop,
        await SocketClient.connect(office, two) as other,
    ):
        room = await other.create(one)
        with office.rest(one.tokens[0]) as rest:
            assert rest.post("/api/auth/sign-out", json={}).status_code == 204
        await signed_out_everywhere(office, desk, one.tokens[0])
        await other.send(room, "after the sign-out")
        await laptop.event("message.new")
        await laptop.send(room, "I am still here")
        assert not desk.got("message.new")


async def test_commands_on_their_way_at_sign_out_are_done_before_it_or_not_at_all(office: Office) -> None:
    one, two = office.some(2)
    async with (
        await SocketClient.connect(office, one) as client,
        await SocketClient.connect(office, two) as other,
    ):
        room = await client.create(two)
        with office.rest(one.token) as rest:
            sends = [
                await client.post("message.send", room=room, client_id=new_key(), body="x") for _ in range(50)
            ]
            signing_out = asyncio.to_thread(rest.post, "/api/auth/sign-out", json={})
            assert (await signing_out).status_code == 204
        acked = [
            each for each in await asyncio.gather(*sends, return_exceptions=True) if isinstance(each, dict)
        ]
        assert await client.close_code() == Close.STOP
        kept = await other.timeline(room)
        assert {ack["seq"] for ack in acked} <= {row["seq"] for row in kept}
        ((ended,),) = office.rows("SELECT ended_at FROM sessions WHERE session_id = ?", one.sessions[0])
        assert all(row["at"] <= ended for row in kept)


async def test_a_new_password_ends_the_other_sessions(office: Office) -> None:
    (one,) = office.some(1)
    async with (
        await SocketClient.connect(office, one, device=0) as desk,
        await SocketClient.connect(office, one, device=1) as laptop,
    ):
        with office.rest(one.tokens[0]) as rest:
            answer = rest.post(
                "/api/auth/password", json={"current": PASSWORD, "new": "another eighteen herons"}
            )
            assert answer.status_code == 204
        await signed_out_everywhere(office, laptop, one.tokens[1])
        await desk.settle()


async def test_a_token_that_was_tampered_with_opens_nothing(office: Office) -> None:
    (one,) = office.some(1)
    head, body, signature = one.token.split(".")
    for forged in (
        f"{head}.{body}.{signature[:-2]}AA",
        f"{head}.{body}.",
        "eyJhbGciOiJub25lIn0." + body + ".",
        body,
        "x" * 4096,
        "한글",
        "",
    ):
        async with await SocketClient.open(office) as client:
            assert await client.refusal("hello", token=forged) == "unauthorized"
            assert await client.close_code() == Close.REFRESH
        with office.rest() as rest:
            for scheme in (b"Bearer", b"Basic", b""):
                header = {"Authorization": (scheme + b" " + forged.encode()).strip()}
                assert rest.get("/api/rooms", headers=header).status_code == 401


@pytest.fixture
def own_office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path, 4, tick_seconds=0.5, access_token_seconds=3, **FAST_TALKERS)
    office.start()
    yield office
    office.stop()


async def test_a_token_past_its_time_is_told_to_refresh_and_the_new_one_works(own_office: Office) -> None:
    with own_office.rest() as rest:
        held = rest.post("/api/auth/sign-in", json={"login": "p0000", "password": PASSWORD}).json()
        async with await SocketClient.connect(own_office, held["access_token"]) as client:
            assert await client.close_code() == Close.REFRESH
        old = {"Authorization": f"Bearer {held['access_token']}"}
        assert rest.get("/api/rooms", headers=old).status_code == 401
        renewed = rest.post("/api/auth/refresh", json={"refresh_token": held["refresh_token"]}).json()
        async with await SocketClient.connect(own_office, renewed["access_token"]) as client:
            assert client.welcome["session"] == held["session"]
            # Somebody has copied the old token: whoever uses it, the session is over.
            stolen = rest.post("/api/auth/refresh", json={"refresh_token": held["refresh_token"]})
            assert stolen.status_code == 401
            assert await client.close_code() == Close.STOP


async def test_disabling_somebody_ends_all_their_sessions_at_once(own_office: Office) -> None:
    one, two = own_office.people[:2]
    async with (
        await SocketClient.connect(own_office, one, device=0) as desk,
        await SocketClient.connect(own_office, one, device=2) as phone,
        await SocketClient.connect(own_office, two) as other,
    ):
        room = await desk.create(two)
        group = await desk.create(two, own_office.people[2])
        await asyncio.to_thread(run, own_office, "user", "disable", one.id)
        await other.event("room.changed", room=group, master=two.id)
        await signed_out_everywhere(own_office, desk, one.tokens[0])
        await signed_out_everywhere(own_office, phone, one.tokens[2])
        with own_office.rest() as rest:
            again = rest.post("/api/auth/sign-in", json={"login": one.id, "password": PASSWORD})
            assert (again.status_code, again.json()["error"]["code"]) == (403, "wrong_password")
        # Nobody can talk to them anew; what was said stays.
        assert await other.refusal("room.create", client_id=new_key(), people=[one.id]) == "not_found"
        await other.send(room, "are you there?")


def run(office: Office, *words: str) -> None:
    environment = {"PATH": os.environ["PATH"], "SENDJAY_DATA_DIR": str(office.data)}
    done = run_program(*words, env=environment, cwd=office.data)
    assert done.returncode == 0, done.stdout + done.stderr
