"""A database that is killed, that hangs, or of which another holds a part: people hear so soon, nothing that
was acknowledged is missing, and all goes on by itself.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients import RefusedError, SocketClient, new_key
from tests.databases.maria import Maria
from tests.databases.postgres import Postgres
from tests.promises.conftest import FAST_TALKERS
from tests.promises.slow_database import held
from tests.serving import Office, eventually

HANGS_SECONDS = 25.0
"""The longest that anybody waits for a database that answers no more."""


@pytest.fixture(params=[Postgres, Maria], ids=["postgresql", "mariadb"])
def server(request: pytest.FixtureRequest) -> Iterator[Postgres | Maria]:
    if not request.param.is_installed():
        pytest.skip("not installed")
    server = request.param()
    server.start()
    try:
        server.create("office")
        yield server
    finally:
        server.remove()


@pytest.fixture
def office(server: Postgres | Maria, tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path, 6, database_url=server.url("office"), **FAST_TALKERS)
    office.start()
    yield office
    office.stop(has_troubles=True)


class Talk:
    """Somebody who says one thing after the other, each under its own key until it is acknowledged."""

    def __init__(self, client: SocketClient, room: str) -> None:
        self.client = client
        self.room = room
        self.acked: dict[str, int] = {}
        self.put_off = 0
        self.codes: set[str] = set()
        self.longest = 0.0
        self.is_over = False

    async def go(self) -> None:
        while not self.is_over:
            key = new_key()
            while key not in self.acked:
                began = time.monotonic()
                try:
                    answer = await asyncio.wait_for(
                        await self.client.post("message.send", room=self.room, client_id=key, body=key), 60
                    )
                    self.acked[key] = answer["seq"]
                except RefusedError as refused:
                    self.codes.add(refused.code)
                    self.put_off += 1
                    await asyncio.sleep(0.2)
                finally:
                    self.longest = max(self.longest, time.monotonic() - began)


async def check_all(office: Office, talks: list[Talk]) -> None:
    await until_read(talks[0].client)
    timeline = await talks[0].client.timeline(talks[0].room)
    kept = {row["client_id"]: row["seq"] for row in timeline}
    acked = {key: seq for talk in talks for key, seq in talk.acked.items()}
    assert {key: kept.get(key) for key in acked} == acked
    assert [row["seq"] for row in timeline] == list(range(1, len(timeline) + 1))
    # Nobody has it twice, and everybody has heard of all.
    bodies = [row["body"] for row in timeline]
    assert len(set(bodies)) == len(bodies)


async def begin(office: Office) -> tuple[list[Talk], list[asyncio.Task[None]]]:
    clients = [await SocketClient.connect(office, person) for person in office.people[:3]]
    room = await clients[0].create(office.people[1])
    everybody = [Talk(client, room) for client in clients[:2] for _ in range(3)]
    return everybody, [asyncio.create_task(talk.go()) for talk in everybody]


async def until_acked(talks: list[Talk], more: int) -> None:
    before = sum(len(talk.acked) for talk in talks)
    async with asyncio.timeout(60):
        while sum(len(talk.acked) for talk in talks) < before + more:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def until_read(client: SocketClient) -> None:
    """Each reader finds out for itself that its connection is gone."""
    async with asyncio.timeout(HANGS_SECONDS):
        for _ in range(8):
            while await refusal_of(client, "rooms.list"):  # noqa: ASYNC110
                await asyncio.sleep(0.2)


async def refusal_of(client: SocketClient, cmd: str) -> str:
    try:
        await client.ask(cmd)
    except RefusedError as refused:
        return refused.code
    return ""


async def end(talks: list[Talk], tasks: list[asyncio.Task[None]]) -> None:
    for talk in talks:
        talk.is_over = True
    await asyncio.gather(*tasks)
    assert {code for talk in talks for code in talk.codes} <= {"busy"}


def readiness(office: Office) -> tuple[int, list[str]]:
    with office.rest() as rest:
        answer = rest.get("/readyz")
    return answer.status_code, answer.json()["problems"]


async def test_killed_in_the_middle_of_talk_it_is_busy_until_it_is_back(
    server: Postgres | Maria, office: Office
) -> None:
    talks, tasks = await begin(office)
    for _ in range(2):
        await until_acked(talks, 30)
        server.kill()
        put_off = sum(talk.put_off for talk in talks)
        await asyncio.sleep(1.0)
        assert sum(talk.put_off for talk in talks) > put_off
        status, problems = await asyncio.to_thread(readiness, office)
        assert status == 503
        assert "the database does not answer" in problems
        await asyncio.to_thread(server.start)
        await until_acked(talks, 30)
    await end(talks, tasks)
    await check_all(office, talks)
    assert max(talk.longest for talk in talks) < 10
    assert await asyncio.to_thread(eventually, lambda: readiness(office)[0] == 200)


async def test_one_that_hangs_is_given_up_and_taken_up_again(
    server: Postgres | Maria, office: Office
) -> None:
    talks, tasks = await begin(office)
    await until_acked(talks, 10)
    server.pause()
    began = time.monotonic()
    try:
        reading = await talks[0].client.post("rooms.list")
        with pytest.raises(RefusedError, match="busy"):
            await asyncio.wait_for(reading, HANGS_SECONDS)
        async with asyncio.timeout(HANGS_SECONDS):
            while not all(talk.put_off for talk in talks):  # noqa: ASYNC110
                await asyncio.sleep(0.1)
        assert time.monotonic() - began < HANGS_SECONDS
    finally:
        server.resume()
    await until_acked(talks, 10)
    await end(talks, tasks)
    await check_all(office, talks)


async def test_a_room_that_another_holds_keeps_only_itself_waiting(
    server: Postgres | Maria, office: Office
) -> None:
    one, two, three = office.people[:3]
    async with await SocketClient.connect(office, one) as client:
        stuck, free = await client.create(two), await client.create(three)
        with held(office, stuck):
            for _ in range(2):
                sends = [
                    await client.post("message.send", room=room, client_id=new_key(), body="hello")
                    for room in (stuck, free, stuck, free)
                ]
                answers = await asyncio.gather(*sends, return_exceptions=True)
                told = [getattr(answer, "code", "ok") for answer in answers]
                assert told == ["busy", "ok", "busy", "ok"]
        await client.send(stuck, "free again")


async def test_a_server_does_not_start_without_it_and_says_so_in_one_line(
    server: Postgres | Maria, office: Office
) -> None:
    office.stop()
    server.kill()
    with pytest.raises(AssertionError, match="The database cannot be used"):
        office.start()
    assert "Traceback" not in office.said()
