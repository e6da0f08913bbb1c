"""The promises hold whichever node somebody is at, and whoever talks to them at another one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from tests.clients import Json, SocketClient, new_key
from tests.databases.choice import SHARED_KINDS, chosen_database
from tests.model_client import ModelClient
from tests.nodes import Nodes, run_nodes
from tests.promises.conftest import FAST_TALKERS
from tests.serving import Person, eventually


@pytest.fixture(scope="module", params=SHARED_KINDS, autouse=True)
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """Those that more than one process may write to."""
    with chosen_database(request.param):
        yield request.param


@pytest.fixture(scope="module")
def nodes(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nodes]:
    with run_nodes(tmp_path_factory.mktemp("nodes"), 120, **FAST_TALKERS) as nodes:
        yield nodes


def versions(client: SocketClient, room: str) -> list[int]:
    """Of all that has come of a room, in the order in which it came."""
    told = ("message.new", "room.changed")
    return [event["version"] for event in client.events if event["ev"] in told and event["room"] == room]


def positions(welcome: Json) -> dict[str, int]:
    return {delta["room"]["id"]: delta["room"]["version"] for delta in welcome["sync"]["rooms"]}


async def test_everybody_sees_one_order_without_a_hole_wherever_they_and_the_senders_are(
    nodes: Nodes,
) -> None:
    people = nodes.here.some(4)
    clients = [
        await SocketClient.connect(node, person)
        for node, person in zip((*nodes.both, *nodes.both), people, strict=True)
    ]
    room = await clients[0].create(*people[1:])
    for client in clients:
        await client.event("room.added", room=room)

    async def talk(client: SocketClient) -> None:
        for number in range(60):
            await client.send(room, f"{number}")

    await asyncio.gather(*(talk(client) for client in clients for _ in range(2)))
    last = 2 + 60 * 2 * len(clients)
    for client in clients:
        await client.until(lambda client=client: versions(client, room)[-1:] == [last], f"version {last}")
        assert versions(client, room) == list(range(3, last + 1))
    orders = [
        [(event["message"]["seq"], event["message"]["client_id"]) for event in client.got("message.new")]
        for client in clients
    ]
    assert orders.count(orders[0]) == len(clients)
    # The node that wrote its 256th row has seen to it that they are found quickly.
    sealed = "SELECT COUNT(*) FROM search_blocks WHERE room_id = ?"
    assert await asyncio.to_thread(eventually, lambda: nodes.here.rows(sealed, room) == [(1,)])
    for client in clients:
        await client.close()


async def test_who_comes_while_others_talk_at_another_node_misses_nothing(nodes: Nodes) -> None:
    talker, *people = nodes.here.some(20)
    async with await SocketClient.connect(nodes.here, talker) as speaking:
        rooms = [await speaking.create(person) for person in people]
        is_over = False

        async def talk() -> None:
            while not is_over:
                await asyncio.gather(*(speaking.send(room, "on and on") for room in rooms))

        talking = asyncio.ensure_future(talk())
        clients: list[SocketClient] = []
        for person in people:
            client = await SocketClient.open(nodes.there)
            held = {"rooms": {}, "personal": 0}
            client.welcome = await client.ask("hello", token=person.token, sync=held)
            clients.append(client)
        await asyncio.sleep(0.2)
        is_over = True
        await talking
        for client, person, room in zip(clients, people, rooms, strict=True):
            now = (await client.ask("room.get", room=room))["room"]["room"]["version"]
            since = positions(client.welcome)[room]
            await client.until(
                lambda client=client, room=room, now=now: now in versions(client, room),
                f"{now} of {person.id}",
            )
            new = [version for version in versions(client, room) if version > since]
            assert new == list(range(since + 1, now + 1))
            assert not client.got("behind")
            await client.close()


async def test_a_key_gives_one_message_and_one_answer_on_any_node(nodes: Nodes) -> None:
    one, two = nodes.here.some(2)
    async with (
        await SocketClient.connect(nodes.here, one) as here,
        await SocketClient.connect(nodes.there, one, device=1) as there,
    ):
        room, key = await here.create(two), new_key()
        answers = await asyncio.gather(*(client.send(room, "once", key) for client in (here, there, here)))
        assert answers.count(answers[0]) == 3
        rows = await there.timeline(room)
        assert [row.get("body") for row in rows] == ["once"]


async def test_a_client_goes_on_at_the_other_node_with_exactly_what_it_missed(nodes: Nodes) -> None:
    one, two = nodes.here.some(2)
    model = ModelClient(nodes.here, one)
    await model.connect()
    async with await SocketClient.connect(nodes.there, two) as other:
        room = await other.create(one)
        for turn in range(6):
            await other.send(room, f"before {turn}")
            await model.disconnect()
            await other.send(room, f"meanwhile {turn}")
            model.server = nodes.both[turn % 2]
            await model.connect()
            await other.send(room, f"after {turn}")
        last = (await other.timeline(room))[-1]["seq"]
        for _ in range(100):
            await model.idle()
            if room in model.rooms and last in model.rooms[room].rows:
                break
            await asyncio.sleep(0.05)
        assert model.state() == model.fresh_state()
    await model.disconnect()


async def test_who_is_removed_at_one_node_hears_nothing_more_at_the_other(nodes: Nodes) -> None:
    master, member, other = nodes.here.some(3)
    async with (
        await SocketClient.connect(nodes.here, master) as a,
        await SocketClient.connect(nodes.there, member) as b,
        await SocketClient.connect(nodes.there, other) as c,
    ):
        room = await a.create(member, other)
        await c.event("room.added", room=room)
        await b.ask("room.open", room=room)
        await a.ask("room.open", room=room)
        await a.send(room, "for three")
        await b.event("message.new", room=room)
        await a.ask("room.remove", room=room, person=member.id)
        await a.send(room, "for two")
        await a.ask("typing.set", room=room, typing=True)
        await a.ask("read.mark", room=room, seq=4)
        await c.until(lambda: len(c.got("message.new", room=room)) == 2)
        await b.event("room.gone", room=room)
        await asyncio.sleep(0.3)
        await b.settle()
        assert len(b.got("message.new", room=room)) == 1
        assert not b.got("typing", room=room)
        assert not b.got("read.moved", room=room)
        assert await b.refusal("message.send", room=room, client_id=new_key(), body="x") == "not_found"
        await a.invite(room, member)
        await b.until(lambda: len(b.got("room.added", room=room)) == 2)
        await a.send(room, "for three again")
        await b.until(lambda: len(b.got("message.new", room=room)) == 2)


async def test_a_sign_out_at_one_node_ends_the_connections_at_the_other_at_once(nodes: Nodes) -> None:
    (one,) = nodes.here.some(1)
    async with (
        await SocketClient.connect(nodes.there, one) as ended,
        await SocketClient.connect(nodes.there, one, device=1) as kept,
    ):
        with nodes.here.rest(one.token) as rest:
            rest.post("/api/auth/sign-out").raise_for_status()
        async with asyncio.timeout(1.5):
            assert await ended.close_code() == 4003
        await kept.settle()


async def test_typing_and_cursors_are_seen_at_the_other_node(nodes: Nodes) -> None:
    one, two = nodes.here.some(2)
    async with (
        await SocketClient.connect(nodes.here, one) as here,
        await SocketClient.connect(nodes.there, two) as there,
    ):
        room = await here.create(two)
        await there.event("room.added", room=room)
        for client in (here, there):
            await client.ask("room.open", room=room)
        await here.ask("typing.set", room=room, typing=True)
        await there.event("typing", room=room, user=one.id, typing=True)
        await there.send(room, "read me")
        await here.ask("read.mark", room=room, seq=1)
        assert (await there.event("read.moved", room=room))["cursors"] == {one.id: 1}
        assert not here.got("typing", room=room)


async def test_what_is_mine_alone_agrees_on_my_devices_at_both_nodes(nodes: Nodes) -> None:
    one, two = nodes.here.some(2)
    async with (
        await SocketClient.connect(nodes.here, one) as desk,
        await SocketClient.connect(nodes.there, one, device=1) as laptop,
    ):
        room = await desk.create(two)
        await laptop.event("room.added", room=room)
        await desk.ask("draft.set", room=room, text="half a sent")
        told = await laptop.event("mine.changed")
        assert told["drafts"][0]["text"] == "half a sent"
        await laptop.ask("room.preferences", room=room, muted=True)
        await desk.until(lambda: any(each.get("rooms") for each in desk.got("mine.changed")))


async def test_a_node_listens_only_to_what_its_people_need(nodes: Nodes) -> None:
    people: list[Person] = nodes.here.some(2)
    before = nodes.there.measure("sendjay_bus_channels")
    async with await SocketClient.connect(nodes.here, people[0]) as here:
        for _ in range(3):
            await here.create(people[1], *nodes.here.some(2))
        await asyncio.sleep(0.2)
        assert nodes.there.measure("sendjay_bus_channels") == before
        async with await SocketClient.connect(nodes.there, people[1], sync={"rooms": {}, "personal": 0}):
            assert nodes.there.measure("sendjay_bus_channels") == before + 4
