"""What one person asks of other nodes is counted, so that nobody makes all of them work at will."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterator

import httpx
import pytest

from tests.clients import RefusedError, SocketClient
from tests.databases.choice import SHARED_KINDS, chosen_database
from tests.hostile.alive import still_serves
from tests.nodes import Nodes, run_nodes
from tests.serving import Person, Server, eventually
from tests.stream_client import StreamClient

COMMANDS_BURST = 60
NDJSON = "application/x-ndjson"
TICK = b'{"id": 9, "cmd": "tick"}'


@pytest.fixture(scope="module", params=SHARED_KINDS[:1], autouse=True)
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    with chosen_database(request.param):
        yield request.param


@pytest.fixture(scope="module")
def nodes(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nodes]:
    # A node that is silent for two seconds is none, nor is one of which nothing was heard in that time.
    limits = {"commands_per_second": 5, "commands_burst": COMMANDS_BURST, "tick_seconds": 2}
    with run_nodes(tmp_path_factory.mktemp("nodes"), 40, **limits) as nodes:
        yield nodes


def said(node: Server) -> float:
    return node.measure("sendjay_bus_said_total")


async def post(node: Server, path: str, person: Person, body: bytes, times: int) -> list[httpx.Response]:
    """At the same time, on some connections."""
    headers = {"Authorization": f"Bearer {person.token}", "Content-Type": NDJSON}
    limits = httpx.Limits(max_connections=10)
    async with httpx.AsyncClient(base_url=node.url, limits=limits, timeout=30, trust_env=False) as client:
        return await asyncio.gather(*(client.post(path, content=body, headers=headers) for _ in range(times)))


async def asked(client: SocketClient, people: list[str]) -> str:
    try:
        await client.ask("presence.watch", people=people)
    except RefusedError as error:
        return error.code
    return "ok"


def statuses(answers: list[httpx.Response]) -> Counter[int]:
    return Counter(answer.status_code for answer in answers)


async def test_who_names_ever_more_people_is_told_to_wait_and_the_others_are_asked_no_more(
    nodes: Nodes,
) -> None:
    one, two, seen = nodes.here.some(3)
    async with await SocketClient.connect(nodes.here, one) as flood:
        channels, before = nodes.here.measure("sendjay_bus_channels"), said(nodes.here)
        named = [[f"made-up-{page}-{n}" for n in range(1000)] for page in range(20)]
        answers = [await asked(flood, people) for people in named]
        refused = answers.count("rate_limited")
        assert set(answers) == {"ok", "rate_limited"}
        assert refused >= 14
        assert nodes.here.measure("sendjay_bus_channels") - channels <= 6_000
        assert said(nodes.here) - before <= 6_500
        assert nodes.here.measure("sendjay_refusals_total", reason="watched") >= refused
        async with (
            await SocketClient.connect(nodes.there, seen),
            await SocketClient.connect(nodes.here, two) as calm,
        ):
            answer = await calm.ask("presence.watch", people=[seen.id])
            assert answer["people"] or await calm.event("presence")


async def test_looking_at_the_same_people_again_costs_nothing(nodes: Nodes) -> None:
    (one,) = nodes.here.some(1)
    people = [f"same-{n}" for n in range(1000)]
    async with await SocketClient.connect(nodes.here, one) as client:
        await client.ask("presence.watch", people=people)
        before = said(nodes.here)
        for n in range(30):
            await client.ask("presence.watch", people=[*people[:-1], people[n]])
        assert said(nodes.here) - before <= 50


def answers_at_once(node: Server, person: Person) -> bool:
    """Of a name that no node has: it has been up for long enough to know."""
    began = time.monotonic()
    with node.rest(person.token, **{"Content-Type": NDJSON}) as client:
        assert client.post("/stream/nowhere0.x", content=TICK).status_code == 503
    return time.monotonic() - began < 1


async def test_a_name_that_no_node_has_is_asked_of_nobody(nodes: Nodes) -> None:
    one, other = nodes.here.some(2)
    assert eventually(lambda: answers_at_once(nodes.here, other), 15)
    before, began = said(nodes.here), time.monotonic()
    for name in ("nowhere1.x", "%00.x", "a" * 3000 + ".x", ".x"):
        answers = await post(nodes.here, f"/stream/{name}", one, TICK, 10)
        assert set(statuses(answers)) <= {404, 429, 503}
    assert time.monotonic() - began < 5
    assert said(nodes.here) - before <= 30


async def test_commands_for_a_connection_at_another_node_are_counted_before_they_are_sent_across(
    nodes: Nodes,
) -> None:
    one, two = nodes.here.some(2)
    async with await StreamClient.connect(nodes.there, two) as victim:
        node = victim.connection.connection_id.partition(".")[0]
        before, heard = said(nodes.here), nodes.there.measure("sendjay_bus_heard_total")
        # Theirs is another session's: it is absent for this one, and every try would be a question.
        answers = await post(nodes.here, f"/stream/{victim.connection.connection_id}", one, TICK, 300)
        answers += await post(nodes.here, f"/stream/{node}.made-up", one, b"", 100)
        counted = statuses(answers)
        assert set(counted) == {404, 429}
        assert counted[404] <= COMMANDS_BURST + 60
        assert nodes.there.measure("sendjay_bus_heard_total") - heard <= counted[404] + 60
        assert said(nodes.here) - before <= counted[404] + 60
        error = next(each for each in answers if each.status_code == 429).json()["error"]
        assert (error["code"], error["retry"]) == ("rate_limited", True)
        assert error["retry_after_ms"] > 0
        # Whose it is goes on, by either node.
        path = f"/stream/{victim.connection.connection_id}"
        assert statuses(await post(nodes.here, path, two, TICK, 1)) == {204: 1}
    await still_serves(nodes.here)


async def test_large_requests_to_another_node_leave_the_bus_to_the_others(nodes: Nodes) -> None:
    one, two = nodes.here.some(2)
    async with await StreamClient.connect(nodes.there, two) as stream:
        body = b"\n".join([b"x" * 250_000] * 4)
        path = f"/stream/{stream.connection.connection_id}"
        counted = statuses(await post(nodes.here, path, one, body, 60))
        assert counted[429] >= 50
        assert nodes.here.measure("sendjay_bus_dropped_total", why="full") == 0


async def test_my_devices_asked_for_by_many_at_once_are_one_question(nodes: Nodes) -> None:
    (one,) = nodes.here.some(1)
    async with await SocketClient.connect(nodes.there, one, device=1):
        before = said(nodes.here)
        headers = {"Authorization": f"Bearer {one.token}"}
        async with httpx.AsyncClient(base_url=nodes.here.url, headers=headers, trust_env=False) as client:
            answers = await asyncio.gather(*(client.get("/api/me/sessions") for _ in range(40)))
        assert {answer.status_code for answer in answers} == {200}
        for answer in answers:
            assert any(each["connected"] for each in answer.json()["sessions"])
        assert said(nodes.here) - before <= 20
