"""G6 and G9 with the bus lost: the other node knows within five seconds, whatever Redis does."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from tests.clients import SocketClient
from tests.databases.choice import chosen_database
from tests.nodes import Nodes, run_nodes
from tests.nursery import run_program
from tests.promises.conftest import FAST_TALKERS
from tests.serving import eventually

PROMISED_SECONDS = 5.0
SOON = 1.5
"""With the bus: less than any sweep may take."""


@pytest.fixture(scope="module", autouse=True)
def database() -> Iterator[None]:
    """What a bus does has nothing to do with the kind of database."""
    with chosen_database("postgresql"):
        yield


@pytest.fixture(scope="module")
def nodes(database: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nodes]:
    with run_nodes(tmp_path_factory.mktemp("nodes"), 90, **FAST_TALKERS) as nodes:
        yield nodes


@pytest.fixture(params=["killed", "paused"])
def lost(nodes: Nodes, request: pytest.FixtureRequest) -> Iterator[Callable[[], None]]:
    """Loses the bus; afterwards it is back, and empty where it was killed."""
    assert eventually(lambda: both_are_up(nodes), 10)
    redis = nodes.redis
    yield redis.kill if request.param == "killed" else redis.pause
    if request.param == "killed":
        redis.start()
    else:
        redis.resume()
    assert eventually(lambda: both_are_up(nodes), 10)


def both_are_up(nodes: Nodes) -> bool:
    return nodes.measure("sendjay_bus_up") == 2


async def within(seconds: float, client: SocketClient, condition: Callable[[], bool]) -> None:
    began = time.monotonic()
    await client.until(condition)
    took = time.monotonic() - began
    assert took < seconds, f"it took {took:.1f} s"


async def test_messages_names_and_members_are_learned_without_the_bus(
    nodes: Nodes, lost: Callable[[], None]
) -> None:
    one, two, three, four = nodes.here.some(4)
    async with (
        await SocketClient.connect(nodes.here, one) as a,
        await SocketClient.connect(nodes.there, two) as b,
        await SocketClient.connect(nodes.there, three) as c,
        await SocketClient.connect(nodes.there, four) as d,
    ):
        room = await a.create(two, three)
        await b.event("room.added", room=room)
        await b.ask("room.open", room=room)
        await a.send(room, "with the bus")
        await within(SOON, b, lambda: len(b.got("message.new")) == 1)
        lost()
        await a.send(room, "without it")
        await within(PROMISED_SECONDS, b, lambda: len(b.got("message.new")) == 2)
        await asyncio.gather(
            a.ask("room.rename", room=room, name="Dark", scope="all"),
            a.ask("read.mark", room=room, seq=3),
            a.invite(room, four),
        )
        await a.ask("room.remove", room=room, person=three.id)
        await asyncio.gather(
            within(PROMISED_SECONDS, b, lambda: bool(b.got("behind"))),
            within(PROMISED_SECONDS, b, lambda: bool(b.got("read.moved", room=room))),
            within(PROMISED_SECONDS, c, lambda: bool(c.got("room.gone", room=room))),
            within(PROMISED_SECONDS, d, lambda: bool(d.got("room.added", room=room))),
        )
        await a.send(room, "not for three")
        await within(PROMISED_SECONDS, d, lambda: len(d.got("message.new", room=room)) == 1)
        await c.settle()
        assert [each["message"]["body"] for each in c.got("message.new")] == ["with the bus", "without it"]


async def test_a_new_room_and_what_is_mine_are_learned_without_the_bus(
    nodes: Nodes, lost: Callable[[], None]
) -> None:
    one, two = nodes.here.some(2)
    async with (
        await SocketClient.connect(nodes.here, one) as a,
        await SocketClient.connect(nodes.there, one, device=1) as a2,
        await SocketClient.connect(nodes.there, two) as b,
    ):
        lost()
        room = await a.create(two)
        await within(PROMISED_SECONDS, b, lambda: bool(b.got("room.added", room=room)))
        await a.ask("draft.set", room=room, text="half a")
        await within(PROMISED_SECONDS, a2, lambda: bool(a2.got("behind")))
        answer = await a2.ask("sync", rooms={}, personal=0)
        assert answer["drafts"][0]["text"] == "half a"


async def test_who_learned_of_a_room_by_sync_and_is_removed_before_any_sweep_is_told(
    nodes: Nodes, lost: Callable[[], None]
) -> None:
    one, two, three = nodes.here.some(3)
    async with (
        await SocketClient.connect(nodes.here, one) as a,
        await SocketClient.connect(nodes.there, three) as b,
    ):
        room = await a.create(two, nodes.here.some(1)[0])
        lost()
        await a.invite(room, three)
        answer = await b.ask("sync", rooms={}, personal=0)
        assert [delta["room"]["id"] for delta in answer["rooms"]] == [room]
        told = len(b.got("room.gone", room=room))
        await a.ask("room.remove", room=room, person=three.id)
        await within(PROMISED_SECONDS, b, lambda: len(b.got("room.gone", room=room)) > told)


async def test_a_cursor_that_the_bus_lost_is_missing_to_nobody_who_comes_back(
    nodes: Nodes, lost: Callable[[], None]
) -> None:
    one, two, three = nodes.here.some(3)
    async with (
        await SocketClient.connect(nodes.here, one) as a,
        await SocketClient.connect(nodes.there, two) as b,
        await SocketClient.connect(nodes.there, three) as c,
    ):
        room = await a.create(two, three)
        await b.event("room.added", room=room)
        head = (await b.ask("room.open", room=room))["room"]["room"]
        lost()
        # Nobody has noticed yet that it is.
        await a.ask("read.mark", room=room, seq=1)
        await c.ask("read.mark", room=room, seq=1)
        await b.until(lambda: any(three.id in each["cursors"] for each in b.got("read.moved", room=room)))
        told = list(b.got("read.moved", room=room))
        held = [head["version"], max(head["read_version"], *(each["read_version"] for each in told))]
        missed = (await b.ask("sync", rooms={room: held}, personal=0)).get("rooms", [])
        known = [each["cursors"] for each in told] + [each.get("cursors", {}) for each in missed]
        assert any(one.id in cursors for cursors in known)
        await within(
            PROMISED_SECONDS, b,
            lambda: any(one.id in each["cursors"] for each in b.got("read.moved", room=room)),
        )  # fmt: skip


async def test_a_sign_out_is_learned_without_the_bus(nodes: Nodes, lost: Callable[[], None]) -> None:
    (one,) = nodes.here.some(1)
    async with await SocketClient.connect(nodes.there, one) as ended:
        lost()
        with nodes.here.rest(one.token) as rest:
            rest.post("/api/auth/sign-out").raise_for_status()
        async with asyncio.timeout(PROMISED_SECONDS):
            assert await ended.close_code() == 4003


async def test_who_comes_while_the_bus_is_lost_gets_in_and_learns_what_is_said(
    nodes: Nodes, lost: Callable[[], None]
) -> None:
    one, two = nodes.here.some(2)
    async with await SocketClient.connect(nodes.here, one) as a:
        room = await a.create(two)
        lost()
        async with await SocketClient.connect(nodes.there, two, sync={"rooms": {}, "personal": 0}) as b:
            await a.send(room, "in the dark")
            await within(PROMISED_SECONDS, b, lambda: bool(b.got("message.new", room=room)))


async def test_when_the_bus_is_back_it_is_used_and_nothing_said_meanwhile_is_missing(nodes: Nodes) -> None:
    one, two = nodes.here.some(2)
    async with (
        await SocketClient.connect(nodes.here, one) as a,
        await SocketClient.connect(nodes.there, two) as b,
    ):
        room = await a.create(two)
        await b.event("room.added", room=room)
        for turn in range(3):
            nodes.redis.kill()
            await a.send(room, f"dark {turn}")
            nodes.redis.start()
            await asyncio.to_thread(eventually, lambda: both_are_up(nodes), 10)
            await within(SOON, b, lambda turn=turn: len(b.got("message.new")) == 2 * turn + 1)
            await a.send(room, f"bright {turn}")
            await within(SOON, b, lambda turn=turn: len(b.got("message.new")) == 2 * turn + 2)
        told = [event["message"]["body"] for event in b.got("message.new")]
        assert told == [f"{light} {turn}" for turn in range(3) for light in ("dark", "bright")]


def test_the_command_line_acts_on_people_at_nodes_elsewhere(nodes: Nodes) -> None:
    async def sit() -> int:
        (one,) = nodes.here.some(1)
        async with await SocketClient.connect(nodes.there, one) as client:
            # A data folder of its own: no server listens there.
            environment = {
                "SENDJAY_DATA_DIR": str(nodes.here.data / "elsewhere"),
                "SENDJAY_DATABASE_URL": nodes.here.database_url,
                "SENDJAY_REDIS_URL": nodes.redis.url,
            }
            command = partial(run_program, "user", "disable", one.id, env=environment, cwd=nodes.here.data)
            assert (await asyncio.to_thread(command)).returncode == 0
            async with asyncio.timeout(SOON):
                return await client.close_code()

    assert eventually(lambda: both_are_up(nodes), 10)
    assert asyncio.run(sit()) == 4003
