"""An installation to be harmed: a database and a Redis of its own, nodes over both, proxies in between."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.databases.maria import Maria
from tests.databases.postgres import Postgres
from tests.fault_proxy import FaultProxy
from tests.redis_server import RedisServer
from tests.serving import Office, Server

DATABASES: dict[str, type[Postgres | Maria]] = {"postgresql": Postgres, "mariadb": Maria}
PEOPLE = 60
PATIENT = {
    "commands_per_second": 100_000,
    "commands_burst": 100_000,
    "errors_burst": 100_000,
    "drain_seconds": 0,
}


@dataclass
class World:
    """Two nodes. `there` reaches Redis and the database through proxies of its own."""

    database: Postgres | Maria
    redis: RedisServer
    here: Office
    there: Server
    redis_line: FaultProxy
    database_line: FaultProxy
    seed: int

    @property
    def nodes(self) -> tuple[Server, Server]:
        return self.here, self.there

    def chance(self) -> random.Random:
        """What happens in this world follows from its seed."""
        return random.Random(self.seed)


@contextmanager
def run_world(folder: Path, kind: str, seed: int = 1) -> Iterator[World]:
    """Everything is ended by its own id, whatever state it was left in."""
    with ExitStack() as stack:
        database = DATABASES[kind]()
        stack.callback(database.remove)
        database.start()
        database.create("office")
        redis = RedisServer(folder)
        stack.callback(redis.stop)
        redis.start()
        redis_line = stack.enter_context(FaultProxy(redis.port))
        database_line = stack.enter_context(FaultProxy(database.port))
        here_url = _own_account(database, database.url("office"))
        there_url = here_url.replace(f":{database.port}/", f":{database_line.port}/")
        (folder / "here").mkdir()
        (folder / "there").mkdir()
        here = Office(folder / "here", PEOPLE, database_url=here_url, redis_url=redis.url, **PATIENT)
        there = Server(
            folder / "there",
            database_url=there_url,
            redis_url=f"redis://127.0.0.1:{redis_line.port}",
            redis_prefix="faults",
            several_connections="true",
            **PATIENT,
        )
        world = World(database, redis, here, there, redis_line, database_line, seed)
        for node in world.nodes:
            stack.callback(_end, node)
            node.start()
        yield world


def _own_account(database: Postgres | Maria, url: str) -> str:
    """MariaDB's root may write where nobody may."""
    if isinstance(database, Maria):
        database.execute("CREATE USER 'office'@'127.0.0.1'")
        database.execute("GRANT ALL ON office.* TO 'office'@'127.0.0.1'")
        return url.replace("root@", "office@")
    return url


def _end(node: Server) -> None:
    if node.is_alive():
        node.stop(has_troubles=True)
