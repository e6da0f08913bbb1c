"""A storm of people who come at once keeps nobody waiting who is here already, and all of them get in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import pytest
from msgspec import structs

from sendjay.app import Messenger
from sendjay.protocol.errors import Close
from sendjay.settings import Settings, load_settings
from tests.clients import Json, new_key
from tests.databases.choice import fresh_url
from tests.node import Line, Node
from tests.serving import Person, found_company

AT_ONCE = 4


class Company(NamedTuple):
    settings: Settings
    people: list[Person]


@pytest.fixture(scope="module")
def company(office_folder: Path) -> Company:
    values = {"hellos_at_once": AT_ONCE, "hellos_waiting": 50, "readers": 1, "several_connections": True}
    settings = load_settings(environ={}, data_dir=str(office_folder), database_url=fresh_url(), **values)
    return Company(settings, found_company(settings, 120))


@pytest.fixture
async def node(company: Company) -> AsyncIterator[Node]:
    node = Node(Messenger(company.settings))
    async with node.messenger.writing():
        yield node


@pytest.fixture
def people(company: Company) -> list[Person]:
    return company.people


async def test_who_is_here_is_answered_while_a_storm_of_hellos_waits(
    node: Node, people: list[Person]
) -> None:
    here, *coming = people[:51]
    line = Line(node)
    await line.ask("hello", token=here.token)
    made = await line.ask("room.create", client_id=new_key(), people=[coming[0].id])
    room = made["ok"]["room"]["room"]["id"]
    answered: list[str] = []

    async def ask(what: str, line: Line, cmd: str, **fields: object) -> Json:
        answer = await line.ask(cmd, **fields)
        answered.append(what)
        return answer

    hellos = [ask("hello", Line(node), "hello", token=each.token, sync={"rooms": {}}) for each in coming]
    asking = ask("history", line, "message.history", room=room)
    answers = await asyncio.gather(*hellos, asking)
    assert all("ok" in each for each in answers)
    # Behind those hellos that were at work, and what the readers took meanwhile: not behind fifty.
    assert answered.index("history") <= 3 * AT_ONCE


async def test_too_many_at_once_are_told_when_to_come_back_and_get_in_then(
    node: Node, people: list[Person]
) -> None:
    sent_away = 0

    async def come(person: Person) -> None:
        nonlocal sent_away
        while True:
            line = Line(node)
            answer = await line.ask("hello", token=person.token, sync={"rooms": {}})
            if "ok" in answer:
                return
            sent_away += 1
            assert answer["error"]["code"] == "busy"
            assert answer["error"]["retry"]
            await asyncio.sleep(0)
            assert line.closed_with == Close.NO_HELLO
            await asyncio.sleep(answer["error"]["retry_after_ms"] / 1000)

    await asyncio.gather(*(come(person) for person in people))
    assert sent_away >= len(people) - AT_ONCE - 50
    assert all(node.messenger.hub.connections(person.id) for person in people)


async def test_one_person_does_not_get_more_connections_by_waiting_with_many(
    company: Company, people: list[Person]
) -> None:
    node = Node(Messenger(structs.replace(company.settings, hellos_at_once=1, connections_per_user=5)))
    async with node.messenger.writing():
        hellos = [Line(node).ask("hello", token=people[0].token) for _ in range(20)]
        answers = await asyncio.gather(*hellos)
        assert sum("ok" in each for each in answers) == 5
