"""Who is where, what they look at and on which devices: the same at whichever node one asks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients import SocketClient
from tests.databases.choice import SHARED_KINDS, chosen_database
from tests.nodes import Nodes, run_nodes
from tests.pages import LAPTOP, PHONE
from tests.promises.conftest import FAST_TALKERS
from tests.serving import eventually


@pytest.fixture(scope="module", params=SHARED_KINDS[:1], autouse=True)
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """Any that more than one process may write to: none of this is kept there."""
    with chosen_database(request.param):
        yield request.param


@pytest.fixture(scope="module")
def nodes(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nodes]:
    with run_nodes(tmp_path_factory.mktemp("nodes"), 40, **FAST_TALKERS) as nodes:
        yield nodes


@pytest.fixture
def own_nodes(database: str, tmp_path: Path) -> Iterator[Nodes]:
    """To be killed. What is silent for two seconds is dead."""
    with run_nodes(tmp_path, 8, tick_seconds=2, **FAST_TALKERS) as nodes:
        yield nodes


async def test_who_has_somebody_on_screen_sees_them_come_and_go_at_another_node(nodes: Nodes) -> None:
    one, two = nodes.here.some(2)
    async with await SocketClient.connect(nodes.here, two) as watching:
        assert (await watching.ask("presence.watch", people=[one.id]))["people"] == {}
        desk = await SocketClient.connect(nodes.there, one)
        await watching.event("presence", people={one.id: {"web": True}})
        phone = await SocketClient.connect(nodes.here, one, device=PHONE)
        await watching.event("presence", people={one.id: {"web": True, "app": True}})
        await desk.close()
        await watching.event("presence", people={one.id: {"app": True}})
        await phone.close()
        await watching.event("presence", people={one.id: {}})


async def test_who_was_there_before_is_seen_too_and_who_reloads_at_another_node_was_never_gone(
    nodes: Nodes,
) -> None:
    one, two = nodes.here.some(2)
    async with await SocketClient.connect(nodes.here, two) as watching:
        for node in (nodes.there, nodes.here, nodes.there):
            page = await SocketClient.connect(node, one)
            if not watching.events:
                await watching.ask("presence.watch", people=[one.id])
                await watching.event("presence", people={one.id: {"web": True}})
            await page.close()
        async with await SocketClient.connect(nodes.here, one):
            await watching.settle()
            assert len(watching.got("presence")) == 1


async def test_what_somebody_looks_at_at_one_node_their_devices_at_another_one_know(nodes: Nodes) -> None:
    (one,) = nodes.here.some(1)
    async with await SocketClient.connect(nodes.here, one) as desk:
        await desk.ask("focus.set", rooms=["a", "b"])
        async with await SocketClient.connect(nodes.there, one, device=PHONE) as phone:
            if phone.welcome.get("focused") != ["a", "b"]:
                await phone.event("focus", rooms=["a", "b"])
            await desk.ask("focus.set", rooms=["c"])
            await phone.event("focus", rooms=["c"])
            await phone.ask("focus.set", rooms=["d"])
            await desk.event("focus", rooms=["d"])
        await desk.event("focus", rooms=[])


async def test_the_list_of_my_devices_shows_who_is_connected_at_any_node(nodes: Nodes) -> None:
    (one,) = nodes.here.some(1)
    async with (
        await SocketClient.connect(nodes.here, one),
        await SocketClient.connect(nodes.there, one, device=PHONE),
    ):
        for node in nodes.both:
            with node.rest(one.token) as rest:
                held = rest.get("/api/me/sessions").raise_for_status().json()["sessions"]
            connected = {each["id"] for each in held if each.get("connected")}
            assert connected == {one.sessions[0], one.sessions[PHONE]}


async def test_people_of_a_node_that_was_killed_go_grey_and_nobody_is_looking_there(
    own_nodes: Nodes,
) -> None:
    one, two = own_nodes.here.some(2)
    async with (
        await SocketClient.connect(own_nodes.here, two) as watching,
        await SocketClient.connect(own_nodes.here, one, device=LAPTOP) as laptop,
    ):
        phone = await SocketClient.connect(own_nodes.there, one, device=PHONE)
        await phone.ask("focus.set", rooms=["a"])
        await laptop.event("focus", rooms=["a"])
        await watching.ask("presence.watch", people=[one.id])
        await watching.event("presence", people={one.id: {"web": True, "app": True}})
        own_nodes.there.kill()
        await watching.event("presence", people={one.id: {"web": True}})
        await laptop.event("focus", rooms=[])
        await phone.close()


async def test_without_redis_what_was_known_stands_and_is_put_right_when_it_is_back(own_nodes: Nodes) -> None:
    one, two, three = own_nodes.here.some(3)
    stays = await SocketClient.connect(own_nodes.there, one)
    goes = await SocketClient.connect(own_nodes.there, two)
    async with await SocketClient.connect(own_nodes.here, three) as watching:
        await watching.ask("presence.watch", people=[one.id, two.id])
        await watching.until(lambda: len(_seen(watching)) == 2)
        own_nodes.redis.kill()
        await goes.close()
        own_nodes.redis.start()
        assert eventually(lambda: own_nodes.measure("sendjay_bus_up") == 2, 10)
        await watching.event("presence", people={two.id: {}})
        assert _seen(watching)[one.id] == {"web": True}
    await stays.close()


def _seen(client: SocketClient) -> dict[str, object]:
    """Where everybody is, as far as this client was told."""
    return {user: where for event in client.got("presence") for user, where in event["people"].items()}
