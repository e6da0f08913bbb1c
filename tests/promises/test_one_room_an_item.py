"""One room for an item, its owner and whoever asks: whichever node is asked, and however many ask at once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from tests.clients import SocketClient, new_key
from tests.databases.choice import SHARED_KINDS, chosen_database
from tests.items.shop import Shop
from tests.nodes import Nodes, run_nodes
from tests.promises.conftest import FAST_TALKERS

MESSAGES = 100


@pytest.fixture(scope="module", params=SHARED_KINDS, autouse=True)
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """Those that two nodes can share."""
    with chosen_database(request.param):
        yield request.param


@pytest.fixture(scope="module")
def nodes(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nodes]:
    with run_nodes(tmp_path_factory.mktemp(database), 4, **FAST_TALKERS) as nodes:
        yield nodes


async def test_a_hundred_first_messages_at_once_over_two_nodes_give_one_room(nodes: Nodes) -> None:
    owner, asker = nodes.here.some(2)
    ref = Shop(nodes.here).register(owner.id)
    async with await SocketClient.connect(nodes.there, owner) as theirs:
        tabs = [
            await SocketClient.connect(nodes.both[number % 2], asker, device=number % 3)
            for number in range(10)
        ]
        sent = await asyncio.gather(
            *(
                tabs[number % 10].ask("item.send", item=ref, client_id=new_key(), body=str(number))
                for number in range(MESSAGES)
            )
        )
        for tab in tabs:
            await tab.close()
        (room,) = {each["room"] for each in sent}
        assert sorted(each["seq"] for each in sent) == list(range(1, MESSAGES + 1))
        for seq in range(1, MESSAGES + 1):
            await theirs.event("message.new", room=room, version=seq + 1)
        listed = (await theirs.ask("items.owned"))["items"]
        assert [(each["askers"], each["unread"]) for each in listed] == [(1, MESSAGES)]


async def test_a_block_and_its_end_are_heard_at_the_other_node(nodes: Nodes) -> None:
    owner, asker = nodes.here.some(2)
    ref = Shop(nodes.here).register(owner.id)
    async with (
        await SocketClient.connect(nodes.here, owner) as mine,
        await SocketClient.connect(nodes.there, asker) as theirs,
    ):
        room = (await theirs.ask("item.send", item=ref, client_id=new_key(), body="Hello"))["room"]
        await mine.event("message.new", room=room)
        await mine.ask("person.block", person=asker.id, on=True)
        for client in (mine, theirs):
            assert (await client.event("room.changed", room=room))["blocked"]
        await mine.ask("person.block", person=asker.id, on=False)
        for client in (mine, theirs):
            await client.event("room.changed", room=room, version=4)
        await theirs.send(room, "Hello again")
        await mine.event("message.new", room=room, version=5)


async def test_a_change_at_one_node_shows_at_the_other(nodes: Nodes) -> None:
    owner, asker = nodes.here.some(2)
    shop = Shop(nodes.here)
    ref = shop.register(owner.id)
    async with await SocketClient.connect(nodes.there, asker) as client:
        room = (await client.ask("item.send", item=ref, client_id=new_key(), body="Hello"))["room"]
        await asyncio.to_thread(shop.put, ref, status="sold")
        assert (await client.event("room.changed", room=room))["item"]["status"] == "sold"
        await asyncio.to_thread(shop.deal, ref, asker.id, "reserved", until="2099-01-01")
        event = await client.event("room.changed", room=room, version=3 + 1)
        assert event["item"]["deal"]["state"] == "reserved"
