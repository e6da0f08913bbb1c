"""G2 and G3 where two servers write to one database: one order, one message a key, whoever is asked."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from tests.clients import Json, RefusedError, SocketClient, new_key
from tests.databases.choice import SHARED_KINDS, chosen_database
from tests.nodes import run_nodes
from tests.promises.conftest import FAST_TALKERS
from tests.serving import Office, Server


class Pair(NamedTuple):
    one: Office
    other: Server

    def servers(self) -> tuple[Server, Server]:
        return self.one, self.other


@pytest.fixture(scope="module", params=SHARED_KINDS, autouse=True)
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """Those that more than one process may write to."""
    with chosen_database(request.param):
        yield request.param


@pytest.fixture(scope="module")
def pair(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    with run_nodes(tmp_path_factory.mktemp("nodes"), 40, **FAST_TALKERS) as nodes:
        yield Pair(nodes.here, nodes.there)


async def test_seqs_are_dense_and_acks_are_true_when_both_write_to_the_same_rooms(pair: Pair) -> None:
    people = pair.one.some(6)
    clients = [
        await SocketClient.connect(pair.servers()[number % 2], person) for number, person in enumerate(people)
    ]
    rooms = [await clients[0].create(*people[1:]), await clients[1].create(*people[:1], *people[2:])]
    assert rooms[0] == rooms[1]
    pairs = [await clients[0].create(person) for person in people[1:]]
    del pairs
    room = rooms[0]
    acked: dict[str, Json] = {}

    async def talk(client: SocketClient, name: str) -> None:
        for number in range(50):
            key = new_key()
            acked[key] = await client.send(room, f"{name} {number}", key)

    await asyncio.gather(
        *(talk(client, f"{n}.{lane}") for n, client in enumerate(clients) for lane in (1, 2))
    )
    timeline = await clients[0].timeline(room)
    assert [row["seq"] for row in timeline] == list(range(1, len(acked) + 2))
    assert [row["version"] for row in timeline] == sorted(row["version"] for row in timeline)
    kept = {row.get("client_id"): row["seq"] for row in timeline if row.get("client_id")}
    assert kept == {key: ack["seq"] for key, ack in acked.items()}
    assert [row["at"] for row in timeline] == sorted(row["at"] for row in timeline)
    for client in clients:
        await client.close()


async def test_a_key_that_reaches_both_at_once_is_one_message_with_one_answer(pair: Pair) -> None:
    one, two, three = pair.one.some(3)
    async with (
        await SocketClient.connect(pair.one, one, device=0) as here,
        await SocketClient.connect(pair.other, one, device=1) as there,
    ):
        room, elsewhere = await here.create(two), await here.create(three)
        for _ in range(30):
            key = new_key()
            acks = await asyncio.gather(here.send(room, "once", key), there.send(room, "once", key))
            assert acks[0] == acks[1]
        for _ in range(30):
            key = new_key()
            answers = await asyncio.gather(
                here.send(room, "here", key), there.send(elsewhere, "there", key), return_exceptions=True
            )
            refused = [each for each in answers if isinstance(each, RefusedError)]
            assert [each.code for each in refused] == ["key_reused"]
        bodies = Counter(row["body"] for row in await here.timeline(room))
        bodies += Counter(row["body"] for row in await here.timeline(elsewhere))
        assert bodies["once"] == 30
        assert bodies["here"] + bodies["there"] == 30


async def test_the_same_people_find_one_room_however_both_are_asked_at_once(pair: Pair) -> None:
    people = pair.one.some(5)
    async with (
        await SocketClient.connect(pair.one, people[0]) as here,
        await SocketClient.connect(pair.other, people[1]) as there,
    ):
        for others in ([], [people[2]], [people[2], people[3]], people[2:]):
            made = await asyncio.gather(here.create(people[1], *others), there.create(people[0], *others))
            assert made[0] == made[1]


async def test_cursors_and_settings_that_both_move_at_once_all_hold(pair: Pair) -> None:
    one, two = pair.one.some(2)
    async with (
        await SocketClient.connect(pair.one, one, device=0) as here,
        await SocketClient.connect(pair.other, one, device=1) as there,
        await SocketClient.connect(pair.other, two) as other,
    ):
        room = await here.create(two)
        for number in range(20):
            await asyncio.gather(
                other.send(room, f"{number}"),
                here.ask("read.mark", room=room, seq=number),
                there.ask("read.mark", room=room, seq=number),
                here.ask("draft.set", room=room, text=f"here {number}"),
                there.ask("room.preferences", room=room, muted=bool(number % 2)),
            )
        mine = (await there.ask("room.get", room=room))["room"]["mine"]
        assert mine["read_seq"] == 19
        assert mine["muted"]
        ((version,),) = pair.one.rows("SELECT version FROM personal_streams WHERE user_id = ?", one.id)
        assert (await here.ask("rooms.list"))["personal"] == version


async def test_who_is_removed_through_one_is_refused_by_the_other_at_once(pair: Pair) -> None:
    master, *people = pair.one.some(4)
    async with (
        await SocketClient.connect(pair.one, master) as here,
        await SocketClient.connect(pair.other, people[0]) as there,
    ):
        for _ in range(10):
            room = await here.create(*people)
            await there.send(room, "still here")
            await here.ask("room.remove", room=room, person=people[0].id)
            refusal = await there.refusal("message.send", room=room, client_id=new_key(), body="gone")
            assert refusal == "not_found"
            await here.ask("room.invite", client_id=new_key(), room=room, people=[people[0].id])
