"""Two nodes of one installation: two `sendjay serve` over one database and a Redis of their own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.redis_server import RedisServer
from tests.serving import Office, Server


class Nodes:
    """`here` is an office as on a single node; `there` is another node of it."""

    def __init__(self, here: Office, there: Server, redis: RedisServer) -> None:
        self.here = here
        self.there = there
        self.redis = redis

    @property
    def both(self) -> tuple[Server, Server]:
        return self.here, self.there

    def measure(self, name: str, **labels: str) -> float:
        """A figure of both together."""
        return sum(node.measure(name, **labels) for node in self.both)


@contextmanager
def run_nodes(folder: Path, people: int = 60, **settings: object) -> Iterator[Nodes]:
    """Stops them at the end; whatever a test did to Redis, they must stop in order."""
    redis = RedisServer(folder)
    # Its address before it runs: nodes start without it too.
    here = Office(_made(folder / "here"), people, redis_url=redis.url, **settings)
    shared = {"several_connections": "true", **settings}
    there = Server(_made(folder / "there"), database_url=here.database_url, redis_url=redis.url, **shared)
    nodes = Nodes(here, there, redis)
    redis.start()
    try:
        here.start()
        there.start()
        yield nodes
    finally:
        redis.stop()
        for node in nodes.both:
            if node.is_alive():
                node.stop()


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder
