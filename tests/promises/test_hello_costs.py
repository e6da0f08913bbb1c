"""Coming back costs the database three short queries and no write: a whole company does it at once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sendjay.app import Messenger
from sendjay.settings import load_settings
from tests.clients import new_key
from tests.node import Line, Node
from tests.serving import Person, found_company


@pytest.fixture
def person(tmp_path: Path) -> Person:
    return found_company(tmp_path, 3)[0]


@pytest.fixture
async def node(tmp_path: Path, person: Person) -> AsyncIterator[Node]:
    del person  # there before the node is
    node = Node(Messenger(load_settings(environ={}, data_dir=str(tmp_path))))
    async with node.messenger.writing():
        yield node


async def test_who_comes_back_and_has_missed_nothing_costs_three_queries_and_no_write(
    node: Node, person: Person
) -> None:
    line = Line(node)
    welcome = (await line.ask("hello", token=person.token, sync={"rooms": {}}))["ok"]
    assert welcome["generation"] == 1
    assert [each for each in node.spoken() if each.startswith("UPDATE")]
    for people in ([], ["p0001"], ["p0001", "p0002"]):
        await line.ask("room.create", client_id=new_key(), people=people)
    listed = (await line.ask("rooms.list"))["ok"]
    heads = [view["room"] for view in listed["rooms"]]
    held = {head["id"]: [head["version"], head["read_version"]] for head in heads}
    assert len(held) == 3
    line.lose(1006)
    node.spoken()
    line = Line(node)
    welcome = (
        await line.ask(
            "hello",
            token=person.token,
            sync={"rooms": held, "personal": listed["personal"]},
            place={"claim": False, "generation": 1},
        )
    )["ok"]
    assert welcome["generation"] == 1
    assert welcome["sync"] == {"personal": listed["personal"]}
    spoken = node.spoken()
    assert 1 <= len(spoken) <= 3, spoken
    assert all(each.startswith("SELECT") for each in spoken), spoken


async def test_somebody_elses_place_is_looked_up_in_the_same_query(node: Node, person: Person) -> None:
    holder, parked = Line(node), Line(node)
    await holder.ask("hello", token=person.token)
    node.spoken()
    welcome = (await parked.ask("hello", token=person.tokens[1], place={"claim": False}))["ok"]
    assert welcome["parked"] == {"kind": "web", "name": "The desk"}
    assert welcome["settings"] == {}
    assert len(node.spoken()) == 1
