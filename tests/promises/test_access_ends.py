"""G9: removal from a room, leaving, signing out and disabling act at once, on every path."""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from sendjay.protocol.errors import Close
from tests.clients import LostError, RefusedError, SocketClient, new_key
from tests.promises.conftest import FAST_TALKERS
from tests.serving import PASSWORD, PROGRAM, Office, Person

ROOM_COMMANDS: dict[str, dict[str, object]] = {
    "room.get": {},
    "room.open": {},
    "room.invite": {"client_id": "invite-it", "people": ["p0000"]},
    "room.leave": {},
    "room.remove": {"person": "p0000"},
    "room.rename": {"name": "x", "scope": "all"},
    "room.preferences": {"muted": True},
    "message.send": {"client_id": "a-new-key", "body": "let me in"},
    "message.history": {},
    "message.unread_by": {"seq": 2},
    "read.mark": {"seq": 2},
    "typing.set": {"typing": True},
}
"""Every command about a room, as one tries it who may not."""


def rest_paths(room: str) -> list[tuple[str, str, dict[str, object] | None]]:
    base = f"/api/rooms/{room}"
    return [
        ("GET", base, None),
        ("GET", f"{base}/members", None),
        ("POST", f"{base}/members", {"client_id": "rest-invite", "people": ["p0000"]}),
        ("DELETE", f"{base}/members/me", None),
        ("DELETE", f"{base}/members/p0000", None),
        ("PUT", f"{base}/name", {"name": "x", "scope": "all"}),
        ("PATCH", f"{base}/preferences", {"muted": True}),
        ("GET", f"{base}/messages", None),
        ("GET", f"{base}/messages/2/unread-by", None),
        ("POST", f"{base}/messages", {"client_id": "rest-a-key", "body": "let me in"}),
        ("PUT", f"{base}/cursor", {"seq": 2}),
    ]


async def is_shut_out(office: Office, client: SocketClient, person: Person, room: str) -> None:
    """No path leads to the room, and nothing tells it from one that is not there."""
    for command, fields in ROOM_COMMANDS.items():
        assert await client.refusal(command, room=room, **fields) == "not_found", command
    assert (await client.ask("unread.get", rooms=[room]))["unread"] == {}
    listed = await client.ask("rooms.list")
    assert room not in [view["room"]["id"] for view in listed.get("rooms", [])]
    synced = await client.ask("sync", rooms={room: [1, -1]}, personal=0)
    assert synced["gone"] == [room]
    assert room not in [delta["room"]["id"] for delta in synced.get("rooms", [])]
    with office.rest(person.token) as rest:
        for method, path, body in rest_paths(room):
            answer = rest.request(method, path, json=body)
            assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found"), path


async def test_who_was_removed_hears_and_reaches_nothing_more(office: Office) -> None:
    master, member, other = office.some(3)
    async with (
        await SocketClient.connect(office, master) as a,
        await SocketClient.connect(office, member) as b,
        await SocketClient.connect(office, member, device=1) as b2,
    ):
        room = await a.create(member, other)
        await a.send(room, "for three")
        await b.ask("room.open", room=room)
        await a.ask("room.open", room=room)
        await a.ask("room.remove", room=room, person=member.id)
        await b.event("room.gone", room=room)
        await b2.event("room.gone", room=room)
        before = len(b.events), len(b2.events)
        await a.send(room, "for two")
        await a.ask("room.rename", room=room, name="Without you", scope="all")
        await a.ask("typing.set", room=room, typing=True)
        await a.ask("read.mark", room=room, seq=4)
        await asyncio.sleep(0.3)
        await b.settle()
        await b2.settle()
        assert (len(b.events), len(b2.events)) == before, b.events[before[0] :]
        await is_shut_out(office, b, member, room)


async def test_who_left_hears_and_reaches_nothing_more(office: Office) -> None:
    one, two, three = office.some(3)
    async with await SocketClient.connect(office, one) as a, await SocketClient.connect(office, two) as b:
        room = await a.create(two, three)
        await b.ask("room.open", room=room)
        await b.ask("room.leave", room=room)
        await b.event("room.gone", room=room)
        before = len(b.events)
        await a.send(room, "after you left")
        await b.settle()
        assert len(b.events) == before
        await is_shut_out(office, b, two, room)


async def test_commands_on_their_way_when_somebody_is_removed_are_refused_or_came_before(
    office: Office,
) -> None:
    master, member, other = office.some(3)
    async with (
        await SocketClient.connect(office, master) as a,
        await SocketClient.connect(office, member) as b,
    ):
        room = await a.create(member, other)
        for _ in range(5):
            sends = [
                await b.post("message.send", room=room, client_id=new_key(), body="x") for _ in range(20)
            ]
            removal = await a.post("room.remove", room=room, person=member.id)
            sends += [
                await b.post("message.send", room=room, client_id=new_key(), body="x") for _ in range(20)
            ]
            await removal
            outcomes = await asyncio.gather(*sends, return_exceptions=True)
            told = ["ok" if isinstance(outcome, dict) else str(outcome.code) for outcome in outcomes]
            assert set(told) <= {"ok", "not_found"}
            assert told == sorted(told, reverse=True), "nothing is taken after something was refused"
            rows = await a.timeline(room)
            gone_at = max(r["seq"] for r in rows if r.get("notice", {}).get("type") == "removed")
            assert all(outcome["seq"] < gone_at for outcome in outcomes if isinstance(outcome, dict))
            assert not [row for row in rows if row["seq"] > gone_at]
            await a.invite(room, member)


async def test_who_comes_back_sees_only_what_is_said_from_then_on(office: Office) -> None:
    one, two, three = office.some(3)
    async with await SocketClient.connect(office, one) as a, await SocketClient.connect(office, two) as b:
        room = await a.create(two, three)
        secret = await a.send(room, "said before")
        await a.ask("room.remove", room=room, person=two.id)
        await a.send(room, "said meanwhile")
        await a.invite(room, two)
        await a.send(room, "said after")
        view = (await b.ask("room.get", room=room))["room"]
        assert view["mine"]["epoch"] == 2
        bodies = [row["body"] for row in await b.timeline(room) if "body" in row]
        assert bodies == ["said after"]
        for around in ("before", "after", "around"):
            page = await b.ask("message.history", room=room, **{around: secret["seq"] + 1}, limit=200)
            assert "said before" not in str(page)
        refused = await b.refusal("message.unread_by", room=room, seq=secret["seq"])
        assert refused == await b.refusal("message.unread_by", room=room, seq=999) == "not_found"
        synced = await b.ask("sync", rooms={room: [0, 0]}, personal=0)
        assert "said before" not in str(synced)
        assert "said meanwhile" not in str(synced)


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
        await asyncio.to_thread(run_program, own_office, "user", "disable", one.id)
        await other.event("room.changed", room=group, master=two.id)
        await signed_out_everywhere(own_office, desk, one.tokens[0])
        await signed_out_everywhere(own_office, phone, one.tokens[2])
        with own_office.rest() as rest:
            again = rest.post("/api/auth/sign-in", json={"login": one.id, "password": PASSWORD})
            assert (again.status_code, again.json()["error"]["code"]) == (403, "wrong_password")
        # Nobody can talk to them anew; what was said stays.
        assert await other.refusal("room.create", client_id=new_key(), people=[one.id]) == "not_found"
        await other.send(room, "are you there?")


def run_program(office: Office, *arguments: str) -> None:
    environment = {"PATH": os.environ["PATH"], "SENDJAY_DATA_DIR": str(office.data)}
    done = subprocess.run(
        [PROGRAM, *arguments],
        env=environment,
        cwd=office.data,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
