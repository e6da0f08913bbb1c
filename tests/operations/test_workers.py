"""Several workers on one address are one server: to people, to the command line, to those who watch."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import ssl
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import httpx
import psutil
import pytest
import websockets

from tests.clients import SocketClient, new_key
from tests.databases.choice import chosen_database
from tests.nursery import run_program
from tests.operations.certificates import write_certificate
from tests.operations.proxy import Proxy
from tests.redis_server import RedisServer
from tests.serving import Office, Person, eventually
from tests.stream_client import StreamClient

WORKERS = 2
PEOPLE = 16
START_SECONDS = 60
"""What a worker may need to start where much else runs. Who knocks meanwhile waits as long."""


class WorkersOffice(Office):
    """`sendjay serve` with several workers."""

    def __init__(self, data: Path, redis: RedisServer) -> None:
        super().__init__(data, PEOPLE, redis_url=redis.url, workers=WORKERS)

    def workers(self) -> list[int]:
        """Their process ids, the oldest first."""
        assert self._process is not None
        children = psutil.Process(self._process.pid).children()
        return [each.pid for each in sorted(children, key=lambda each: each.create_time())]

    def supervisor(self) -> int:
        assert self._process is not None
        return self._process.pid

    def connections(self) -> Counter[str]:
        """How many each worker has, by its number."""
        found: Counter[str] = Counter()
        with self.rest() as rest:
            for line in rest.get("/metrics").text.splitlines():
                if line.startswith("sendjay_connections{"):
                    found[line.split('worker="')[1][0]] += int(float(line.split()[-1]))
        return found

    def command_line(self, *words: str) -> str:
        environment = {"PATH": os.environ["PATH"], "SENDJAY_DATA_DIR": str(self.data)}
        environment |= {"SENDJAY_DATABASE_URL": self.database_url}
        done = run_program(*words, env=environment, cwd=self.data)
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    redis = RedisServer(tmp_path_factory.mktemp("redis")).start()
    yield redis
    redis.stop()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, redis: RedisServer) -> Iterator[WorkersOffice]:
    with chosen_database("postgresql"):
        office = WorkersOffice(tmp_path_factory.mktemp("workers"), redis)
        office.start()
        try:
            yield office
        finally:
            office.stop()


@asynccontextmanager
async def everywhere(office: WorkersOffice, one: Person, two: Person) -> AsyncIterator[list[SocketClient]]:
    """Connections of two people, until each has one on each worker (as good as surely)."""
    async with AsyncExitStack() as stack:
        yield [
            await stack.enter_async_context(
                await SocketClient.connect(office, person, open_timeout=START_SECONDS)
            )
            for person in (one, two) * 8
        ]


async def test_what_is_said_on_one_worker_is_heard_on_all(office: WorkersOffice) -> None:
    one, two = office.some(2)
    async with everywhere(office, one, two) as clients:
        spread = office.connections()
        assert set(spread) == {"1", "2"}, "each has somebody"
        assert sum(spread.values()) == len(clients)
        room = await clients[0].create(two)
        for number, client in enumerate(clients):
            await client.send(room, f"from {number}")
        for client in clients:
            await client.until(
                lambda client=client: (
                    sum(each["ev"] == "message.new" for each in client.events) == len(clients)
                )
            )


async def test_people_come_to_all_workers_through_nginx(office: WorkersOffice, tmp_path: Path) -> None:
    chain, key = write_certificate(tmp_path)
    proxy = Proxy(tmp_path, chain, key, (office.port, office.port))
    trusted = ssl.create_default_context(cafile=str(chain))
    one, two = office.some(2)
    try:
        async with await SocketClient.connect(office, two) as listening:
            room = await listening.create(one)
            sockets = [
                SocketClient(await websockets.connect(proxy.socket_url, ssl=trusted, proxy=None))
                for _ in range(4)
            ]
            for client in sockets:
                await client.ask("hello", token=one.token)
                await client.send(room, "by socket")
                await client.close()
            await listening.until(
                lambda: sum(each["ev"] == "message.new" for each in listening.events) == len(sockets)
            )
    finally:
        proxy.stop()


async def test_what_a_streamed_connection_says_finds_the_worker_that_holds_it(office: WorkersOffice) -> None:
    one, two = office.some(2)
    async with await SocketClient.connect(office, two) as listening:
        room = await listening.create(one)
        async with await StreamClient.connect(office, one) as client:
            name = client.connection.connection_id
            for number in range(12):
                # Each on a connection of its own: by chance, half of them come to the other worker.
                said = {"id": 100 + number, "cmd": "message.send", "room": room}
                said |= {"client_id": new_key(), "body": f"{number}"}
                assert await post_alone(office, one, f"/stream/{name}", json.dumps(said)) == 204
            await listening.until(lambda: sum(each["ev"] == "message.new" for each in listening.events) == 12)
            bodies = [row["body"] for row in await listening.timeline(room) if row.get("body")]
            assert bodies[-12:] == [f"{number}" for number in range(12)]
            for _ in range(8):
                assert await post_alone(office, two, f"/stream/{name}", "{}") == 404
            assert await post_alone(office, one, f"/stream/{name}/close", "") == 204
            assert await client.close_code() == 1000


async def post_alone(office: WorkersOffice, person: Person, path: str, body: str) -> int:
    headers = {"Authorization": f"Bearer {person.token}", "Content-Type": "application/x-ndjson"}
    async with httpx.AsyncClient(base_url=office.url, headers=headers, trust_env=False, timeout=20) as rest:
        return (await rest.post(path, content=body)).status_code


async def test_without_redis_it_is_degraded_and_serves_on(office: WorkersOffice, redis: RedisServer) -> None:
    one, two = office.some(2)

    def readiness() -> tuple[int, str]:
        with office.rest() as rest:
            answer = rest.get("/readyz")
        return answer.status_code, answer.json()["status"]

    async with everywhere(office, one, two) as clients:
        room = await clients[0].create(two)
        redis.kill()
        assert await asyncio.to_thread(eventually, lambda: readiness() == (200, "degraded"), 15)
        await clients[0].send(room, "by the database")
        for client in clients:
            await client.event("message.new", room=room)
        redis.start()
        assert await asyncio.to_thread(eventually, lambda: readiness() == (200, "ok"), 20)


async def test_the_command_line_acts_on_all_workers_at_once(office: WorkersOffice) -> None:
    one, two = office.some(2)
    async with everywhere(office, one, two) as clients:
        await asyncio.to_thread(office.command_line, "user", "disable", one.id)
        for client in clients[::2]:
            assert await client.close_code() == 4003
        assert await clients[1].ask("tick") == {}


async def test_a_worker_that_is_killed_is_followed_by_another(office: WorkersOffice) -> None:
    one, two = office.some(2)
    async with everywhere(office, one, two) as clients:
        room = await clients[0].create(two)
        first, *others = office.workers()
        os.kill(first, signal.SIGKILL)
        lost = [client for client in clients if await is_lost(client)]
        assert 0 < len(lost) < len(clients)
        kept = next(client for client in clients if client not in lost)
        await kept.send(room, "the others notice nothing")
        # Whoever knocks meanwhile waits for the next one, and is not refused.
        async with everywhere(office, one, two) as back:
            assert set(office.connections()) == {"1", "2"}
            assert await back[0].send(room, "all are back")
    assert eventually(lambda: len(office.workers()) == WORKERS and set(others) < set(office.workers()))
    assert "killed (SIGKILL)" in office.said()


async def is_lost(client: SocketClient) -> bool:
    try:
        await client.ask("tick")
    except Exception:
        return True
    return False


async def test_all_workers_are_replaced_and_nobody_is_refused(office: WorkersOffice) -> None:
    one, two = office.some(2)
    before = office.workers()
    knocking = asyncio.ensure_future(knock(office))
    async with everywhere(office, one, two) as clients:
        room = await clients[0].create(two)
        office.signal(signal.SIGHUP)
        # Not before both of the new ones have started.
        codes = [await client.close_code(within=2 * START_SECONDS) for client in clients]
        assert codes == [1012] * len(clients)
        async with everywhere(office, one, two) as back:
            await back[0].send(room, "by new workers")
            assert await asyncio.to_thread(eventually, lambda: office.said().count("workers.replaced"), 30), (
                office.said()
            )
            # Nobody who came back has to go again.
            for client in back:
                assert await client.ask("tick") == {}
            assert set(office.connections()) == {"1", "2"}
    assert not knocking.done(), "somebody was refused"
    knocking.cancel()
    assert not set(before) & set(office.workers())
    assert len(office.workers()) == WORKERS


async def knock(office: WorkersOffice) -> None:
    """A new connection again and again; each must be answered."""
    while True:
        async with httpx.AsyncClient(trust_env=False, timeout=20) as client:
            assert (await client.get(f"{office.url}/healthz")).status_code == 200
        await asyncio.sleep(0.01)


def test_workers_do_not_outlive_their_supervisor(tmp_path: Path) -> None:
    redis = RedisServer(tmp_path).start()
    try:
        with chosen_database("postgresql"):
            office = WorkersOffice(tmp_path, redis)
            office.start()
            workers = office.workers()
            office.kill()
            gone = lambda: not any(psutil.pid_exists(pid) for pid in workers)  # noqa: E731
            if not eventually(gone, 15):
                for pid in workers:
                    os.kill(pid, signal.SIGKILL)
                raise AssertionError(office.said())
            # And another one may take the place at once.
            office.start()
            office.stop()
    finally:
        redis.stop()


def test_a_stop_is_in_order_with_everybody_told(tmp_path: Path) -> None:
    redis = RedisServer(tmp_path).start()
    try:
        with chosen_database("postgresql"):
            office = WorkersOffice(tmp_path, redis)
            office.start()
            asyncio.run(told_to_come_back(office))
            began = time.monotonic()
            office.stop()
            assert time.monotonic() - began < 10
            assert not (office.data / "control.sock").exists()
    finally:
        redis.stop()


async def told_to_come_back(office: WorkersOffice) -> None:
    one, two = office.some(2)
    async with everywhere(office, one, two) as clients:
        office.signal(signal.SIGTERM)
        for client in clients:
            assert await client.close_code() == 1012
            assert client.connection.close_reason == "1000"
