"""G2: the same client_id gives one message and the same ack, whatever has happened since."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients import RefusedError, SocketClient, ids, new_key
from tests.promises.conftest import FAST_TALKERS
from tests.serving import Office


@pytest.fixture
def own_office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path, 4, **FAST_TALKERS)
    yield office
    office.stop()


def count(office: Office, key: str) -> int:
    return len(office.rows("SELECT 1 FROM messages WHERE client_id = ?", key))


async def test_a_message_sent_again_is_acked_as_the_first_time(office: Office) -> None:
    one, two = office.some(2)
    async with (
        await SocketClient.connect(office, one) as client,
        await SocketClient.connect(office, two) as other,
    ):
        room, key = await client.create(two), new_key()
        first = await client.send(room, "once", key)
        await client.send(room, "between")
        assert await client.send(room, "once", key) == first
        assert await client.send(room, "once", key) == first
        await other.event("message.new", version=2)
        await other.settle()
        assert [e["message"]["body"] for e in other.got("message.new")] == ["once", "between"]
        assert count(office, key) == 1


async def test_one_text_typed_in_two_unicode_forms_is_one_text(office: Office) -> None:
    one, two = office.some(2)
    async with await SocketClient.connect(office, one) as client:
        room, key = await client.create(two), new_key()
        first = await client.send(room, "\u1112\u1161\u11ab\u1100\u1173\u11af", key)
        assert await client.send(room, "한글", key) == first


async def test_a_message_sent_at_once_from_two_connections_is_one_message(office: Office) -> None:
    one, two = office.some(2)
    async with (
        await SocketClient.connect(office, one, device=0) as desk,
        await SocketClient.connect(office, one, device=1) as laptop,
    ):
        room = await desk.create(two)
        for _ in range(30):
            key = new_key()
            acks = await asyncio.gather(desk.send(room, "twice", key), laptop.send(room, "twice", key))
            assert acks[0] == acks[1]
            assert count(office, key) == 1


async def test_a_message_sent_many_times_without_waiting_is_one_message(office: Office) -> None:
    one, two = office.some(2)
    async with await SocketClient.connect(office, one) as client:
        room, key = await client.create(two), new_key()
        filler = [
            await client.post("message.send", room=room, client_id=new_key(), body="x") for _ in range(20)
        ]
        repeated = [
            await client.post("message.send", room=room, client_id=key, body="one") for _ in range(30)
        ]
        acks = [await each for each in repeated]
        assert all(ack == acks[0] for ack in acks)
        await asyncio.gather(*filler)
        assert count(office, key) == 1
        assert [row["seq"] for row in await client.timeline(room)] == list(range(1, 22))


async def test_rest_and_socket_share_the_key(office: Office) -> None:
    one, two = office.some(2)
    async with await SocketClient.connect(office, one) as client:
        room, key = await client.create(two), new_key()
        first = await client.send(room, "hello", key)
        with office.rest(one.token) as rest:
            again = rest.post(f"/api/rooms/{room}/messages", json={"client_id": key, "body": "hello"})
        assert again.json() == first


async def test_after_leaving_the_ack_is_still_the_same_but_nothing_new_is_taken(office: Office) -> None:
    one, two, three = office.some(3)
    async with await SocketClient.connect(office, one) as client:
        room, key = await client.create(two, three), new_key()
        first = await client.send(room, "before I go", key)
        await client.ask("room.leave", room=room)
        assert await client.send(room, "before I go", key) == first
        assert (
            await client.refusal("message.send", room=room, client_id=new_key(), body="no more")
            == "not_found"
        )


async def test_the_key_with_another_room_or_text_is_refused(office: Office) -> None:
    one, two, three = office.some(3)
    async with await SocketClient.connect(office, one) as client:
        room, elsewhere, key = await client.create(two), await client.create(three), new_key()
        await client.send(room, "one thing", key)
        for target, body in (
            (room, "another thing"),
            (elsewhere, "one thing"),
            ("no-such-room", "one thing"),
        ):
            assert await client.refusal("message.send", room=target, client_id=key, body=body) == "key_reused"
        assert await client.refusal("room.create", client_id=key, people=[two.id]) == "key_reused"
        made = new_key()
        await client.create(two, three, key=made)
        assert await client.refusal("message.send", room=room, client_id=made, body="x") == "key_reused"
        assert await client.refusal("room.create", client_id=made, people=[two.id]) == "key_reused"
        pending = [
            await client.post("message.send", room=room, client_id=(same := new_key()), body="a"),
            await client.post("message.send", room=room, client_id=same, body="b"),
        ]
        assert (await pending[0])["room"] == room
        with pytest.raises(RefusedError, match="key_reused"):
            await pending[1]


async def test_two_people_may_use_the_same_key(office: Office) -> None:
    one, two = office.some(2)
    async with (
        await SocketClient.connect(office, one) as client,
        await SocketClient.connect(office, two) as other,
    ):
        room, key = await client.create(two), new_key()
        assert (await client.send(room, "mine", key))["seq"] == 1
        assert (await other.send(room, "mine", key))["seq"] == 2


async def test_creating_and_inviting_again_changes_nothing_more(office: Office) -> None:
    one, two, three, four = office.some(4)
    async with await SocketClient.connect(office, one) as client:
        key = new_key()
        first = await client.ask("room.create", client_id=key, people=ids((two, three)))
        again = await client.ask("room.create", client_id=key, people=ids((three, two)))
        assert first == again
        assert first["created"]
        room = first["room"]["room"]["id"]
        invitation = {"client_id": new_key(), "room": room, "people": [four.id]}
        first = await client.ask("room.invite", **invitation)
        assert await client.ask("room.invite", **invitation) == first
        assert [row["notice"]["type"] for row in await client.timeline(room)] == ["created", "invited"]
        await client.ask("room.remove", room=room, person=four.id)
        # The invitation of before does not bring back who was removed since.
        await client.ask("room.invite", **invitation)
        assert four.id not in (await client.ask("room.get", room=room))["room"]["room"]["people"]


async def test_the_ack_is_the_same_after_a_restart(own_office: Office) -> None:
    office = own_office.start()
    one, two = office.people[:2]
    async with await SocketClient.connect(office, one) as client:
        room, key = await client.create(two), new_key()
        first = await client.send(room, "once and for all", key)
    office.kill()
    office.start()
    async with await SocketClient.connect(office, one) as client:
        assert await client.send(room, "once and for all", key) == first
        refused = await client.refusal("message.send", room=room, client_id=key, body="something else")
        assert refused == "key_reused"
        assert count(office, key) == 1
