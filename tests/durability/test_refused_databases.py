"""A database that would take back what was acknowledged, or that is not alone in writing, is never used."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from sendjay.storage.database import Database
from sendjay.storage.migrate import upgrade
from tests.clients import RefusedError, SocketClient, new_key
from tests.databases.choice import running
from tests.databases.maria import Maria
from tests.databases.postgres import Postgres
from tests.doctor.visit import run, visit
from tests.serving import Office, Server


class Danger(NamedTuple):
    kind: str
    do: str
    undo: str
    said: str


DANGERS = {
    "PostgreSQL that commits in memory": Danger(
        "postgresql",
        "ALTER DATABASE {name} SET synchronous_commit = off",
        "ALTER DATABASE {name} RESET synchronous_commit",
        "synchronous_commit is off",
    ),
    "PostgreSQL without fsync": Danger(
        "postgresql", "ALTER SYSTEM SET fsync = off", "ALTER SYSTEM RESET fsync", "fsync is off"
    ),
    "PostgreSQL for reading": Danger(
        "postgresql",
        "ALTER DATABASE {name} SET default_transaction_read_only = on",
        "ALTER DATABASE {name} RESET default_transaction_read_only",
        "it is read-only",
    ),
    "MariaDB that flushes once a second": Danger(
        "mariadb",
        "SET GLOBAL innodb_flush_log_at_trx_commit = 2",
        "SET GLOBAL innodb_flush_log_at_trx_commit = 1",
        "innodb_flush_log_at_trx_commit is 2",
    ),
    "MariaDB as a replica": Danger(
        "mariadb", "SET GLOBAL read_only = 1", "SET GLOBAL read_only = 0", "it is read-only"
    ),
    "a table that is not InnoDB": Danger(
        "mariadb",
        "ALTER TABLE {name}.messages ENGINE = MyISAM",
        "ALTER TABLE {name}.messages ENGINE = InnoDB",
        "the table messages is not InnoDB",
    ),
}


@pytest.fixture(scope="module")
def ready() -> Iterator[Callable[[str], tuple[str, str]]]:
    """`ready(kind)`: name and address of an installation's database on a server that the tests share."""
    made: dict[str, str] = {}

    def make(kind: str) -> tuple[str, str]:
        if kind not in made:
            made[kind] = f"durable_{kind}"
            running(kind).create(made[kind])
            database = Database(running(kind).url(made[kind]))
            upgrade(database)
            database.close()
        return made[kind], running(kind).url(made[kind])

    yield make
    for kind, name in made.items():
        running(kind).drop(name)


def reload(kind: str) -> None:
    if kind == "postgresql":
        running(kind).execute("SELECT pg_reload_conf()")


@pytest.mark.parametrize("danger", DANGERS.values(), ids=DANGERS)
def test_a_server_does_not_start_and_says_why(
    danger: Danger, ready: Callable[[str], tuple[str, str]], tmp_path: Path
) -> None:
    name, url = ready(danger.kind)
    running(danger.kind).execute(danger.do.format(name=name))
    reload(danger.kind)
    try:
        refuses_to_start(tmp_path / "data", url, danger.said)
    finally:
        running(danger.kind).execute(danger.undo.format(name=name))
        reload(danger.kind)
    found = visit(tmp_path / "data", database_url=url)
    assert "problem" not in {each["level"] for each in found.findings if each["about"] == "Database"}, found


def refuses_to_start(data: Path, url: str, said: str) -> None:
    """Server and doctor agree."""
    ended = run(data, "serve", database_url=url, port=0)
    assert ended.returncode == 1
    assert said in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1
    found = visit(data, database_url=url)
    assert found.code == 1
    assert said in found.says("problem")


def test_a_server_is_no_longer_ready_when_its_database_begins_to_forget(
    ready: Callable[[str], tuple[str, str]], tmp_path: Path
) -> None:
    server = Server(tmp_path, database_url=ready("mariadb")[1])
    server.start()
    running("mariadb").execute("SET GLOBAL innodb_flush_log_at_trx_commit = 0")
    try:
        with server.rest() as rest:
            answer = rest.get("/readyz")
        assert answer.status_code == 503
        assert "innodb_flush_log_at_trx_commit is 0" in answer.json()["problems"][0]
    finally:
        running("mariadb").execute("SET GLOBAL innodb_flush_log_at_trx_commit = 1")
        server.stop()


class Forgetful(Maria):
    """A MariaDB whose administrator may change it while it is down."""

    flushes = 1

    def command(self) -> list[str]:
        return [*super().command(), f"--innodb-flush-log-at-trx-commit={self.flushes}"]


async def test_nothing_is_acknowledged_by_a_database_that_came_back_forgetful(tmp_path: Path) -> None:
    database = Forgetful()
    try:
        database.start()
        database.create("sendjay")
        office = Office(tmp_path, 2, database_url=database.url("sendjay"))
        office.start()
        one, two = office.people
        async with await SocketClient.connect(office, one) as client:
            room, key = await client.create(two), new_key()
            database.flushes = 2
            database.kill()
            database.start()
            assert await refused_send(client, room, key) == "busy"
            assert await refused_send(client, room, key) == "busy"
            database.flushes = 1
            database.kill()
            database.start()
            assert (await client.send(room, "이제", key))["seq"] == 1
        assert "innodb_flush_log_at_trx_commit is 2" in office.said()
        office.kill()
    finally:
        database.remove()


async def refused_send(client: SocketClient, room: str, key: str) -> str:
    with pytest.raises(RefusedError) as refused:
        await client.send(room, "이제", key)
    return refused.value.code


def test_a_standby_is_refused_until_it_is_promoted(tmp_path: Path) -> None:
    server = Postgres()
    try:
        server.start()
        server.create("sendjay")
        upgrade_and_close(server.url("sendjay"))
        server.kill()
        (server.data / "standby.signal").touch()
        server.start()
        refuses_to_start(tmp_path / "data", server.url("sendjay"), "it is a standby")
        server.execute("SELECT pg_promote()")
        assert visit(tmp_path / "data", database_url=server.url("sendjay")).code == 0
    finally:
        server.remove()


class Galera(Maria):
    """One node of a cluster that accepts writes everywhere, with a log of changes that waits for nobody and,
    for ordinary accounts, a clock two hours ahead.
    """

    def command(self) -> list[str]:
        cluster = ("--wsrep-on=1", "--log-bin=changes", "--binlog-format=ROW", "--sync-binlog=0")
        clock = ("--sysdate-is-now", "--init-connect=SET SESSION timestamp = UNIX_TIMESTAMP() + 7500")
        return [*super().command(), *cluster, *clock]


def test_a_cluster_of_several_writers_is_refused(tmp_path: Path) -> None:
    server = Galera()
    try:
        server.start()
        server.create("sendjay")
        url = server.url("sendjay")
        refuses_to_start(tmp_path / "data", url, "several writers (Galera")
        assert "sync_binlog is 0" in visit(tmp_path / "data", database_url=url).says("warning")
        server.execute("CREATE USER late@'127.0.0.1'")
        server.execute("GRANT ALL ON sendjay.* TO late@'127.0.0.1'")
        found = visit(tmp_path / "data", database_url=url.replace("root@", "late@"))
        assert "clock and the database's are 7," in found.says("problem")
    finally:
        server.remove()


def test_texts_that_would_be_compared_loosely_are_found(
    ready: Callable[[str], tuple[str, str]], tmp_path: Path
) -> None:
    loosely = {
        "mariadb": "ALTER TABLE room_sets MODIFY room_id VARCHAR(64) COLLATE utf8mb4_general_ci NOT NULL",
        "postgresql": 'ALTER TABLE room_sets ALTER room_id TYPE VARCHAR(64) COLLATE "en-x-icu"',
    }
    for kind, statement in loosely.items():
        _, url = ready(kind)
        database = Database(url)
        with database.writing_engine.connect() as connection, connection.begin():
            connection.exec_driver_sql(statement)
        database.close()
        assert "room_sets.room_id" in visit(tmp_path / "data", database_url=url).says("problem")


def test_a_database_that_is_not_there_is_told_in_a_sentence(tmp_path: Path) -> None:
    for url in (
        "postgresql://sendjay:hidden@127.0.0.1:9/sendjay",
        "mariadb://sendjay:hidden@127.0.0.1:9/sendjay",
    ):
        ended = run(tmp_path / "data", "serve", database_url=url, port=0)
        assert ended.returncode == 1
        assert len(ended.stderr.strip().splitlines()) == 1
        found = visit(tmp_path / "data", database_url=url)
        assert found.code == 1
        assert "127.0.0.1" in found.says("problem")
        assert "hidden" not in ended.stderr + found.says("problem")


def upgrade_and_close(url: str) -> None:
    database = Database(url)
    upgrade(database)
    database.close()
