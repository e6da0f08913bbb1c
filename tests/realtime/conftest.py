"""Real servers for the transport tests: one for each transport, as a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.realtime.raw_client import RawClient

TRANSPORTS = ["direct", "fast", "plain"]
"""Direct: the handshake in the HTTP protocol. Fast: through ASGI, then out of it. Plain: ASGI all the way."""
HOUSE = Path(__file__).parents[2]


class EchoServer:
    """tests/realtime/echo_app.py as a process."""

    def __init__(self, transport: str, log: Path) -> None:
        self.transport = transport
        self.log = log
        with log.open("wb") as stream:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.realtime.echo_app", transport],
                stdout=subprocess.PIPE,
                stderr=stream,
                cwd=HOUSE,
                text=True,
            )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, log.read_text()
        self.port = int(line)

    @property
    def fast(self) -> bool:
        return self.transport != "plain"

    def connect(self, *headers: str, **options: Any) -> RawClient:
        client = RawClient(self.port, *headers, **options)
        assert client.status == 101, client.response
        return client

    def state(self) -> dict[str, Any]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/state", timeout=20) as answer:
            return json.load(answer)

    def stop(self) -> int:
        """SIGTERM, then the exit code."""
        self.process.terminate()
        try:
            return self.process.wait(20)
        finally:
            self.process.kill()


@pytest.fixture(scope="session", params=TRANSPORTS)
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EchoServer]:
    """A server that many tests share."""
    running = EchoServer(request.param, tmp_path_factory.mktemp("echo") / "log")
    yield running
    assert running.process.poll() is None, running.log.read_text()
    assert running.stop() == 0, running.log.read_text()


@pytest.fixture(params=TRANSPORTS)
def own_server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[EchoServer]:
    """A server for one test alone, which may stop it."""
    running = EchoServer(request.param, tmp_path / "log")
    yield running
    running.stop()
