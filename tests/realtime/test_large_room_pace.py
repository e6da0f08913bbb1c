"""A flood in a large room is put off, and arrives later and once; the others talk on."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

import pytest

from sendjay.app import Messenger
from sendjay.realtime.cursors import PAUSE_SECONDS, CursorFeed
from sendjay.settings import Settings, load_settings
from tests.clients import Json, new_key
from tests.node import Line, Node
from tests.serving import Person, found_company

PEOPLE = 300
A_SECOND = 3_000
"""Ten messages a second in a room of 300, a quarter of it for one sender: five of them at once, 20 in all."""


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, list[Person]]:
    data = str(tmp_path_factory.mktemp("company"))
    values = {"several_connections": True, "room_deliveries_per_second": A_SECOND}
    settings = load_settings(environ={}, data_dir=data, **values)
    return settings, found_company(settings, PEOPLE)


@pytest.fixture
async def node(company: tuple[Settings, list[Person]]) -> AsyncIterator[Node]:
    node = Node(Messenger(company[0]))
    async with node.messenger.writing():
        yield node


class Ear(Line):
    def __init__(self, node: Node) -> None:
        super().__init__(node)
        self.has_heard = asyncio.Event()

    def heard(self, event: Json) -> None:
        super().heard(event)
        if event["ev"] == "message.new":
            self.has_heard.set()


class Desk:
    def __init__(self, node: Node, person: Person) -> None:
        self.person = person
        self.line = Ear(node)
        self.put_off: list[Json] = []

    async def hello(self) -> None:
        await self.line.ask("hello", token=self.person.token)

    async def create(self, people: list[Person]) -> str:
        asked = [person.id for person in people]
        made = await self.line.ask("room.create", client_id=new_key(), people=asked)
        return made["ok"]["room"]["room"]["id"]

    async def begin(self, room: str) -> None:
        """Once its first message is heard, the server knows how many are in it."""
        await self.say(room, "I am here")
        await asyncio.wait_for(self.line.has_heard.wait(), 10)

    async def say(self, room: str, body: str) -> None:
        """As the web client does it: what is put off goes again, under the same key, when it was told to."""
        key = new_key()
        while True:
            answer = await self.line.ask("message.send", client_id=key, room=room, body=body)
            if "ok" in answer:
                return
            assert answer["error"]["retry"]
            self.put_off.append(answer["error"])
            await asyncio.sleep(answer["error"]["retry_after_ms"] / 1000)


async def test_a_sender_who_floods_a_large_room_is_put_off_and_nobody_else_is(
    node: Node, company: tuple[Settings, list[Person]]
) -> None:
    people = company[1]
    flooder, other, third = (Desk(node, person) for person in people[:3])
    for desk in (flooder, other, third):
        await desk.hello()
    hall = await flooder.create(people[1:])
    quiet = await flooder.create([people[1]])
    await other.begin(hall)
    bodies = [f"flood {n}" for n in range(8)]
    flood = [asyncio.ensure_future(flooder.say(hall, body)) for body in bodies]
    await asyncio.sleep(0)
    await asyncio.gather(other.say(hall, "so am I"), third.say(hall, "and I"), flooder.say(quiet, "well"))
    assert not other.put_off
    assert not third.put_off
    await asyncio.gather(*flood)
    assert {each["code"] for each in flooder.put_off} == {"rate_limited"}
    page = (await other.line.ask("message.history", room=hall, limit=50))["ok"]["messages"]
    said = Counter(row["body"] for row in page if row.get("kind") != "notice")
    assert said == Counter([*bodies, "I am here", "so am I", "and I"])


async def test_many_senders_at_once_share_what_the_room_has(
    node: Node, company: tuple[Settings, list[Person]]
) -> None:
    people = company[1]
    desks = [Desk(node, person) for person in people[:30]]
    await asyncio.gather(*(desk.hello() for desk in desks))
    hall = await desks[0].create(people[1:])
    await desks[0].begin(hall)
    await asyncio.gather(*(desk.say(hall, f"from {desk.person.id}") for desk in desks))
    codes = Counter(error["code"] for desk in desks for error in desk.put_off)
    # 19 were left of what is allowed at once, and a little came meanwhile; those who were put off came again.
    assert codes["busy"] >= 5
    page = (await desks[0].line.ask("message.history", room=hall, limit=50))["ok"]["messages"]
    said = Counter(row.get("body") for row in page)
    assert all(said[f"from {desk.person.id}"] == 1 for desk in desks)


async def test_cursors_of_a_hall_where_all_read_at_once_are_gathered_for_longer() -> None:
    told: list[dict[str, int]] = []

    def tell(_room: str, _spans: object, cursors: dict[str, int]) -> int:
        told.append(cursors)
        return 400

    feed = CursorFeed(tell)
    feed.moved("hall", 0, 1, {f"p{n}": 1 for n in range(400)})
    await asyncio.sleep(1.5 * PAUSE_SECONDS)
    assert len(told) == 1
    # 160,000 were told: so much again is told only after four pauses, and then what moved last.
    for seq in (2, 3):
        feed.moved("hall", seq - 1, seq, {"p1": seq})
        await asyncio.sleep(PAUSE_SECONDS)
    assert len(told) == 1
    await asyncio.sleep(4 * PAUSE_SECONDS)
    assert told[1:] == [{"p1": 3}]
    feed.stop()
