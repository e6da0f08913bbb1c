"""Redis between nodes: what is well with it, and what is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases.choice import running
from tests.doctor.visit import visit
from tests.redis_server import RedisServer, free_port

RIGHTS = ("+@pubsub", "+@connection", "+@read", "+@write", "+@scripting")
"""What docs/running.md says that an account of ours needs."""


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """Several nodes share a database that is none of SQLite's."""
    running("postgresql").create("doctor")
    yield running("postgresql").url("doctor")
    running("postgresql").drop("doctor")


def test_a_redis_that_answers_and_passes_on_news_is_well(tmp_path: Path, database: str) -> None:
    server = RedisServer(tmp_path).start()
    try:
        found = visit(tmp_path / "data", database_url=database, redis_url=server.url)
        assert found.code == 0
        assert "What is published is heard" in found.says("ok")
        server.say("CONFIG", "SET", "maxmemory", "100mb")
        server.say("CONFIG", "SET", "maxmemory-policy", "allkeys-lru")
        found = visit(tmp_path / "data", database_url=database, redis_url=server.url)
        assert (found.code, found.status) == (0, "warning")
        assert "maxmemory-policy noeviction" in found.says("warning")
    finally:
        server.stop()


def test_news_behind_an_acl_that_keeps_them_back_are_missed(tmp_path: Path, database: str) -> None:
    server = RedisServer(tmp_path).start()
    try:
        server.say("ACL", "SETUSER", "sendjay", "on", ">secret", "~sendjay:*", *RIGHTS, "&sendjay:*")
        address = f"redis://sendjay:secret@127.0.0.1:{server.port}"
        found = visit(tmp_path / "data", database_url=database, redis_url=address)
        assert found.code == 0, found
        server.say("ACL", "SETUSER", "sendjay", "resetchannels")
        found = visit(tmp_path / "data", database_url=database, redis_url=address)
        assert found.code == 1
        assert "channel" in found.says("problem")
        assert "secret" not in str(found.findings)
    finally:
        server.stop()


def test_a_replica_is_no_place_for_nodes(tmp_path: Path, database: str) -> None:
    master = RedisServer(tmp_path).start()
    replica = RedisServer(tmp_path, "--replicaof", "127.0.0.1", str(master.port)).start()
    try:
        found = visit(tmp_path / "data", database_url=database, redis_url=replica.url)
        assert found.code == 1
        assert "It is a replica" in found.says("problem")
    finally:
        replica.stop()
        master.stop()


def test_a_redis_that_is_not_there_is_told_in_a_sentence(tmp_path: Path, database: str) -> None:
    address = f"redis://:secret@127.0.0.1:{free_port()}"
    found = visit(tmp_path / "data", database_url=database, redis_url=address)
    assert found.code == 1
    assert "Redis: It cannot be used" in found.says("problem")
    assert "secret" not in str(found.findings)
