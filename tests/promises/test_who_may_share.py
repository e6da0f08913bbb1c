"""Two servers on one database that would not hear of each other are refused, in a sentence."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases.choice import SHARED_KINDS, chosen_database, fresh_url
from tests.nursery import run_program
from tests.redis_server import RedisServer
from tests.serving import Server

ALONE = "Stop one of them, or give both the same Redis"


@pytest.fixture(scope="module", params=SHARED_KINDS, autouse=True)
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    with chosen_database(request.param):
        yield request.param


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path).start()
    yield server
    server.stop()


def refusal(folder: Path, **settings: str) -> str:
    """What a server says that must not start."""
    folder.mkdir()
    environment = {"PATH": os.environ["PATH"], "SENDJAY_DATA_DIR": str(folder), "SENDJAY_PORT": "0"}
    environment |= {f"SENDJAY_{name.upper()}": value for name, value in settings.items()}
    run = run_program("serve", env=environment, cwd=folder)
    assert run.returncode in (1, 2), run.stderr
    assert "Traceback" not in run.stderr
    return " ".join(run.stderr.split())


def test_a_second_server_without_a_bus_and_one_with_it_beside_one_without_are_refused(
    tmp_path: Path, redis: RedisServer
) -> None:
    url = fresh_url()
    (tmp_path / "one").mkdir()
    alone = Server(tmp_path / "one", database_url=url).start()
    try:
        assert ALONE in refusal(tmp_path / "two", database_url=url)
        assert ALONE in refusal(tmp_path / "three", database_url=url, redis_url=redis.url)
        alone.kill()
        alone.start()
    finally:
        alone.stop()


def test_a_server_without_a_bus_beside_nodes_is_refused(tmp_path: Path, redis: RedisServer) -> None:
    url = fresh_url()
    nodes = [Server(tmp_path / name, database_url=url, redis_url=redis.url) for name in ("one", "two")]
    try:
        for node in nodes:
            node.data.mkdir()
            node.start()
        assert ALONE in refusal(tmp_path / "three", database_url=url)
    finally:
        for node in nodes:
            node.stop()


def test_a_redis_beside_sqlite_is_refused(tmp_path: Path, redis: RedisServer) -> None:
    assert "MariaDB or PostgreSQL in database_url" in refusal(tmp_path / "one", redis_url=redis.url)


@pytest.mark.parametrize(
    "url",
    [
        "http://here",
        "redis+sentinel://:hush@h:1",
        "redis+cluster://h/3",
        "redis+sentinel://h:x/talk",
        "redis://:hush@h:x",
    ],
)
def test_what_is_no_address_of_a_redis_is_refused_without_saying_its_password(
    url: str, tmp_path: Path
) -> None:
    said = refusal(tmp_path / "one", redis_url=url)
    assert "redis_url names no Redis that can be used" in said
    assert "hush" not in said
