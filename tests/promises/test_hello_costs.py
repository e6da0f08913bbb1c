"""Coming back costs the database three short queries and no write: a whole company does it at once."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sendjay.actor import Actor
from sendjay.app import Messenger
from sendjay.settings import Settings, load_settings
from tests.clients import Json, new_key
from tests.databases.choice import fresh_url
from tests.node import Line, Node
from tests.serving import Person, found_company

WRITES = re.compile(r"\b(INSERT|UPDATE|DELETE)\b")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(environ={}, data_dir=str(tmp_path), database_url=fresh_url())


@pytest.fixture
def people(settings: Settings) -> list[Person]:
    return found_company(settings, 24)


@pytest.fixture
def person(people: list[Person]) -> Person:
    return people[0]


@pytest.fixture
def colleague(people: list[Person]) -> Person:
    return people[1]


@pytest.fixture
async def node(settings: Settings, person: Person) -> AsyncIterator[Node]:
    del person  # there before the node is
    node = Node(Messenger(settings))
    async with node.messenger.writing():
        yield node


class Desk:
    """Somebody with rooms, who goes away with what they hold and comes back with it."""

    def __init__(self, node: Node, person: Person) -> None:
        self.node = node
        self.person = person
        self.held: dict[str, list[int]] = {}
        self.personal = 0

    async def begin(self, rooms: list[list[str]]) -> None:
        line = Line(self.node)
        welcome = (await line.ask("hello", token=self.person.token, sync={"rooms": {}}))["ok"]
        assert welcome["generation"] == 1
        assert [each for each in self.node.spoken() if each.startswith(("UPDATE", "WITH moved"))]
        for people in rooms:
            made = (await line.ask("room.create", client_id=new_key(), people=people))["ok"]
            room = made["room"]["room"]["id"]
            await line.ask("message.send", client_id=new_key(), room=room, body="zero")
        listed = (await line.ask("rooms.list"))["ok"]
        heads = [view["room"] for view in listed["rooms"]]
        self.held = {head["id"]: [head["version"], head["read_version"]] for head in heads}
        self.personal = listed["personal"]
        assert len(self.held) == len(rooms)
        line.lose(1006)

    async def comes_back(self) -> Json:
        """What is missed, as sync tells it, and `spoken`: what was said to the database."""
        self.node.spoken()
        line = Line(self.node)
        asked = {"rooms": self.held, "personal": self.personal}
        place = {"claim": False, "generation": 1}
        welcome = (await line.ask("hello", token=self.person.token, sync=asked, place=place))["ok"]
        assert welcome["generation"] == 1
        spoken = self.node.spoken()
        assert not [each for each in spoken if WRITES.search(each)], spoken
        return welcome["sync"] | {"spoken": spoken}


async def test_who_comes_back_and_has_missed_nothing_costs_one_query_and_no_write(
    node: Node, person: Person
) -> None:
    desk = Desk(node, person)
    await desk.begin([[], ["p0001"], ["p0001", "p0002"]])
    found = await desk.comes_back()
    assert set(found) == {"personal", "spoken"}
    assert len(found["spoken"]) == 1, found["spoken"]


@pytest.mark.parametrize("rooms", [1, 3, 20])
async def test_who_comes_back_to_talks_in_any_number_of_rooms_costs_three_queries(
    node: Node, person: Person, colleague: Person, rooms: int
) -> None:
    desk = Desk(node, person)
    await desk.begin([[colleague.id, f"p{number:04}"] for number in range(2, 2 + rooms)])
    other = Line(node)
    await other.ask("hello", token=colleague.token)
    for room in desk.held:
        for text in ("one", "two"):
            await other.ask("message.send", client_id=new_key(), room=room, body=text)
    found = await desk.comes_back()
    missed = {delta["room"]["id"]: [row["body"] for row in delta["messages"]] for delta in found["rooms"]}
    assert missed == {room: ["one", "two"] for room in desk.held}
    assert len(found["spoken"]) == 3, found["spoken"]


@pytest.mark.parametrize("rooms", [1, 20])
async def test_what_was_read_meanwhile_costs_one_query_more(
    node: Node, person: Person, colleague: Person, rooms: int
) -> None:
    desk = Desk(node, person)
    await desk.begin([[colleague.id, f"p{number:04}"] for number in range(2, 2 + rooms)])
    other = Line(node)
    await other.ask("hello", token=colleague.token)
    for room in desk.held:
        assert "ok" in await other.ask("read.mark", room=room, seq=2)
    found = await desk.comes_back()
    assert len(found["rooms"]) == rooms
    assert all(colleague.id in delta["cursors"] for delta in found["rooms"])
    assert len(found["spoken"]) <= 4, found["spoken"]


async def test_a_company_that_comes_back_at_once_shares_its_queries(node: Node, people: list[Person]) -> None:
    desks = [Desk(node, each) for each in people]
    for desk in desks:
        await desk.begin([[]])
    node.spoken()
    lines = [(Line(node), desk) for desk in desks]
    answers = await asyncio.gather(
        *(
            line.ask(
                "hello",
                token=desk.person.token,
                sync={"rooms": desk.held, "personal": desk.personal},
                place={"claim": False, "generation": 1},
            )
            for line, desk in lines
        )
    )
    assert [answer["ok"]["user"] for answer in answers] == [each.id for each in people]
    assert all(set(answer["ok"]["sync"]) == {"personal"} for answer in answers)
    assert len(node.spoken()) <= len(people) / 4


async def test_one_of_many_whose_session_is_over_hurts_only_itself(node: Node, people: list[Person]) -> None:
    ended = Line(node)
    await ended.ask("hello", token=people[1].token)
    await node.messenger.accounts.sign_out(Actor(people[1].id, ended.session.session_id))
    answers = await asyncio.gather(*(Line(node).ask("hello", token=each.token) for each in people[:8]))
    refused = [answer["error"]["code"] if "error" in answer else "" for answer in answers]
    assert refused == ["", "unauthorized", *[""] * 6]


async def test_somebody_elses_place_is_looked_up_in_the_same_query(node: Node, person: Person) -> None:
    holder, parked = Line(node), Line(node)
    await holder.ask("hello", token=person.token)
    node.spoken()
    welcome = (await parked.ask("hello", token=person.tokens[1], place={"claim": False}))["ok"]
    assert welcome["parked"] == {"kind": "web", "name": "The desk"}
    assert welcome["settings"] == {}
    assert len(node.spoken()) == 1
