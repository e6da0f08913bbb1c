"""`sendjay serve` that watches its own event loop: what blocks it, and how long one turn of it computes.

At the end it writes what it saw to blocked.json in the data folder. Computing is measured in the thread's own
time, so that a busy machine is not taken for a blocked loop.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import threading
import time
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import argon2

from sendjay.app import Messenger, create_app
from sendjay.logs import configure_logs
from sendjay.realtime.server import serve
from sendjay.settings import load_settings
from tests.databases.spoken import hear_statements

WAITS = {
    "open", "os.rename", "os.remove", "os.mkdir", "time.sleep", "sqlite3.connect", "socket.connect",
    "socket.getaddrinfo", "subprocess.Popen",
}  # fmt: skip
"""Audit events of what may wait for a disk or a network."""


class Watch:
    """What happened on the event loop's thread that should have happened elsewhere."""

    def __init__(self) -> None:
        self.thread = 0
        self.blocked: Counter[str] = Counter()
        self.elsewhere: Counter[str] = Counter()
        self.longest_turn = 0.0

    def saw(self, what: str, detail: str) -> None:
        if self.thread and threading.get_ident() == self.thread:
            self.blocked[f"{what}: {detail[:200]}"] += 1
        else:
            self.elsewhere[what] += 1

    async def beat(self) -> None:
        """The loop's computing between two turns."""
        while True:
            before = time.thread_time()
            await asyncio.sleep(0.005)
            self.longest_turn = max(self.longest_turn, time.thread_time() - before)


watch = Watch()


class WatchedMessenger(Messenger):
    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        async with super().running():
            beating = asyncio.ensure_future(watch.beat())
            watch.thread = threading.get_ident()
            try:
                yield
            finally:
                watch.thread = 0
                beating.cancel()
                with suppress(asyncio.CancelledError):
                    await beating
                seen = {
                    "blocked": watch.blocked,
                    "elsewhere": watch.elsewhere,
                    "longest_turn": watch.longest_turn,
                }
                (self.settings.data_path / "blocked.json").write_text(json.dumps(seen))


def _watch_hashing() -> None:
    def watched(method: Callable[..., Any]) -> Callable[..., Any]:
        def wrapper(*arguments: Any, **options: Any) -> Any:
            watch.saw("argon2", method.__name__)
            return method(*arguments, **options)

        return wrapper

    argon2.PasswordHasher.hash = watched(argon2.PasswordHasher.hash)  # type: ignore[method-assign]
    argon2.PasswordHasher.verify = watched(argon2.PasswordHasher.verify)  # type: ignore[method-assign]


def _watch_disk() -> None:
    """What Python tells no audit hook of."""

    def watched(function: Callable[..., Any]) -> Callable[..., Any]:
        def wrapper(*arguments: Any, **options: Any) -> Any:
            watch.saw(f"os.{function.__name__}", "")
            return function(*arguments, **options)

        return wrapper

    for name in ("fsync", "fdatasync", "pread", "write"):
        setattr(os, name, watched(getattr(os, name)))


def _watch_waiting() -> None:
    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        # /proc is no disk: the figures of the process are read there.
        if event in WAITS and watch.thread and not str(arguments[0]).startswith("/proc/"):
            watch.saw(event, str(arguments))

    sys.addaudithook(hook)


if __name__ == "__main__":
    hear_statements(lambda statement: watch.saw("statement", statement))
    _watch_hashing()
    _watch_waiting()
    _watch_disk()
    settings = load_settings()
    configure_logs(settings)
    serve(
        create_app(WatchedMessenger(settings)),
        settings.host,
        settings.port,
        ready=lambda port: print(f"Sendjay is ready at http://127.0.0.1:{port}", flush=True),  # noqa: T201
    )
