"""The example portal as a process of its own, on another origin than the messenger."""

from __future__ import annotations

import select
import socket
import subprocess
import sys
from pathlib import Path

PROGRAM = Path(__file__).parents[2] / "examples" / "portal" / "portal.py"
READY_SECONDS = 20


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class PortalSite:
    """At `localhost`, so that it is another site to a browser, not only another port. End it with `stop`."""

    def __init__(self, port: int, messenger: str, secret: Path) -> None:
        self.url = f"http://localhost:{port}"
        command = [sys.executable, str(PROGRAM), "--port", str(port), "--messenger", messenger]
        self._process = subprocess.Popen(
            [*command, "--secret", str(secret)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        assert self._process.stdout is not None
        readable, _, _ = select.select([self._process.stdout], [], [], READY_SECONDS)
        line = self._process.stdout.readline() if readable else ""
        if self.url not in line:
            self.stop()
            raise AssertionError(f"The portal did not start: {line!r}")

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(10)
