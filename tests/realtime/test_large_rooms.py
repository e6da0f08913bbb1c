"""A large room is told in slices: what is said elsewhere passes, and within the room all keeps its order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from sendjay.app import Messenger
from sendjay.settings import Settings, load_settings
from tests.clients import Json, new_key
from tests.node import Line, Node
from tests.promises.slow_database import held
from tests.serving import Person, found_company

PEOPLE = 400


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, list[Person]]:
    data = str(tmp_path_factory.mktemp("company"))
    settings = load_settings(environ={}, data_dir=data, several_connections=True)
    return settings, found_company(settings, PEOPLE)


class Hall:
    """Everybody is here, and in one room; `order` keeps who heard of which room, in the order of hearing."""

    def __init__(self, settings: Settings, node: Node, people: list[Person]) -> None:
        self._settings = settings
        self.node = node
        self.people = people
        self.lines: list[Listener] = []
        self.room = ""
        self.begun = 0
        self.order: list[str] = []
        self.news = asyncio.Event()

    def settings(self) -> Settings:
        return self._settings

    async def gather(self) -> None:
        self.lines = [Listener(self) for _ in self.people]
        hellos = zip(self.lines, self.people, strict=True)
        await asyncio.gather(*(line.ask("hello", token=person.token) for line, person in hellos))
        others = [person.id for person in self.people[1:]]
        made = await self.lines[0].ask("room.create", client_id=new_key(), people=others)
        self.room = made["ok"]["room"]["room"]["id"]
        # Its member list is read with the first event.
        self.begun = (await self.say(0, self.room))["ok"]["seq"]
        await self.all_heard(0)

    async def say(self, who: int, room: str) -> Json:
        return await self.lines[who].ask("message.send", client_id=new_key(), room=room, body="hello")

    def heard(self, who: int) -> list[int]:
        news = (each for each in self.lines[who].events if each["ev"] == "message.new")
        return [each["message"]["seq"] for each in news if each["room"] == self.room]

    async def all_heard(self, more: int) -> None:
        """So many messages since the beginning."""
        seq = self.begun + more
        async with asyncio.timeout(10):
            while not all(self.heard(who)[-1:] == [seq] for who in range(len(self.lines))):
                self.news.clear()
                await self.news.wait()


class Listener(Line):
    def __init__(self, hall: Hall) -> None:
        super().__init__(hall.node)
        self._hall = hall

    def heard(self, event: Json) -> None:
        super().heard(event)
        if event["ev"] == "message.new":
            self._hall.order.append(event["room"])
            self._hall.news.set()


@pytest.fixture
async def hall(company: tuple[Settings, list[Person]]) -> AsyncIterator[Hall]:
    node = Node(Messenger(company[0]))
    async with node.messenger.writing():
        hall = Hall(company[0], node, company[1])
        await hall.gather()
        yield hall


async def test_a_talk_of_two_passes_what_a_large_room_is_being_told(hall: Hall) -> None:
    made = await hall.lines[1].ask("room.create", client_id=new_key(), people=[hall.people[-1].id])
    quiet = made["ok"]["room"]["room"]["id"]
    await hall.say(1, quiet)
    hall.order.clear()
    with held(hall):
        first = asyncio.ensure_future(hall.lines[1].ask("draft.set", room=quiet, text="typing"))
        await asyncio.sleep(0.1)
        # These two gather behind it, for one commit: the large room is the first to be told.
        both = asyncio.gather(hall.say(0, hall.room), hall.say(1, quiet))
        await asyncio.sleep(0)
    await asyncio.gather(first, both)
    await hall.all_heard(1)
    assert hall.order.count(hall.room) == PEOPLE
    assert hall.order.index(quiet) <= PEOPLE // 2
    # The last in the list, who is told of the large room last, has not waited for that.
    last = [each["room"] for each in hall.lines[-1].events if each["ev"] == "message.new"]
    assert last[-2:] == [quiet, hall.room]


async def test_everybody_in_a_large_room_hears_everything_once_and_in_order(hall: Hall) -> None:
    await asyncio.gather(*(hall.say(who, hall.room) for who in range(100)))
    await hall.all_heard(100)
    everything = list(range(hall.begun, hall.begun + 101))
    assert all(hall.heard(who) == everything for who in range(PEOPLE))


async def test_who_is_removed_while_a_large_room_is_told_hears_nothing_after_the_end(hall: Hall) -> None:
    last = hall.people[-1].id
    said = [hall.say(who, hall.room) for who in range(20)]
    gone = hall.lines[0].ask("room.remove", room=hall.room, person=last)
    answers = await asyncio.gather(*said, gone)
    answers += await asyncio.gather(*(hall.say(who, hall.room) for who in range(20)))
    assert all("ok" in each for each in answers)
    removed = hall.lines.pop()
    await hall.all_heard(41)
    kinds = [each["ev"] for each in removed.events if each.get("room") == hall.room]
    assert "room.gone" in kinds
    assert kinds[-1] == "room.gone"
