"""G9: removal from a room and leaving act at once, on every path. Sessions that end: test_sessions_end.py."""

from __future__ import annotations

import asyncio

from tests.clients import SocketClient, new_key
from tests.serving import Office, Person

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
    "message.get": {"seqs": [2]},
    "message.edit": {"seq": 2, "body": "let me in"},
    "message.react": {"seq": 2, "emoji": "👍", "on": True},
    "message.revoke": {"seq": 2},
    "message.delete": {"seqs": [2]},
    "room.clear": {},
    "room.pin": {"seq": 2},
    "message.unread_by": {"seq": 2},
    "search.room": {"text": "x"},
    "read.mark": {"seq": 2},
    "typing.set": {"typing": True},
    "room.report": {"reason": "spam"},
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
        ("GET", f"{base}/messages/2", None),
        ("GET", f"{base}/messages/2/unread-by", None),
        ("PUT", f"{base}/messages/2", {"body": "let me in"}),
        ("PUT", f"{base}/messages/2/reactions/👍", None),
        ("DELETE", f"{base}/messages/2/reactions/👍", None),
        ("POST", f"{base}/messages/2/revoke", None),
        ("DELETE", f"{base}/messages/2", None),
        ("PUT", f"{base}/messages/2/pin", None),
        ("POST", f"{base}/clear", None),
        ("GET", f"{base}/search?text=x", None),
        ("POST", f"{base}/messages", {"client_id": "rest-a-key", "body": "let me in"}),
        ("PUT", f"{base}/cursor", {"seq": 2}),
        ("POST", f"{base}/reports", {"reason": "spam"}),
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
