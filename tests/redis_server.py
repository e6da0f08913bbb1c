"""A real Redis of a test's own, on a free port: to be killed, paused and started again, empty."""

from __future__ import annotations

import signal
import socket
import subprocess
import time
from pathlib import Path

PROGRAM = "redis-server"
READY_SECONDS = 10


def free_port() -> int:
    """Such that the one 10,000 above it, where a cluster talks, is one too."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        if port < 55_000:
            return port


class RedisServer:
    """Keeps nothing on disk. End it with `stop`."""

    def __init__(self, folder: Path, *options: str, sentinel: bool = False, port: int | None = None) -> None:
        self.port = port or free_port()
        self._folder = folder / f"redis-{self.port}"
        self._folder.mkdir(parents=True, exist_ok=True)
        self._options = options
        self._sentinel = sentinel
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}"

    def start(self) -> RedisServer:
        arguments = ["--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(self._folder)]
        if self._sentinel:
            # A Sentinel writes what it learns into its configuration.
            config = self._folder / "sentinel.conf"
            config.touch()
            command = [PROGRAM, str(config), "--sentinel", *arguments, *self._options]
        else:
            command = [PROGRAM, *arguments, "--save", "", "--appendonly", "no", *self._options]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self._folder)
        end = time.monotonic() + READY_SECONDS
        while time.monotonic() < end and self._process.poll() is None:
            try:
                if self.say("PING").startswith((b"+PONG", b"-NOAUTH")):
                    return self
            except OSError:
                time.sleep(0.02)
        raise AssertionError((self._folder / "log").read_text(errors="replace")[-2000:])

    def say(self, *words: str) -> bytes:
        """One command, the beginning of its raw answer."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as line:
            packed = [f"*{len(words)}\r\n", *(f"${len(word.encode())}\r\n{word}\r\n" for word in words)]
            line.sendall("".join(packed).encode())
            return line.recv(65536)

    def pause(self) -> None:
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """kill -9; what it held is lost."""
        self._signal(signal.SIGKILL)
        assert self._process is not None
        self._process.wait(10)

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait(10)

    def _signal(self, number: int) -> None:
        assert self._process is not None
        self._process.send_signal(number)
