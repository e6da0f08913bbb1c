"""A database server of the tests' own: a child process with durable settings, ended by its own id."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psutil

START_SECONDS = 60


class PrivateServer:
    """What the servers have in common. `start` once; `kill` and `start` again as a test likes;
    `remove` at the end.
    """

    account = ""
    """Whom it runs as where the tests run as root, which these servers refuse."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="sendjay-database-"))
        self.data = self.folder / "data"
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None
        if self._runs_as() is not None:
            shutil.chown(self.folder, self.account)

    # What each is in its own way

    def prepare(self) -> None:
        """Make an empty data folder."""
        raise NotImplementedError

    def command(self) -> list[str]:
        raise NotImplementedError

    def answers(self) -> bool:
        raise NotImplementedError

    def url(self, name: str) -> str:
        """As in SENDJAY_DATABASE_URL."""
        raise NotImplementedError

    # What all do

    def start(self) -> None:
        if not self.data.exists():
            self.prepare()
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command(),
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                user=self._runs_as(),
                group=self._runs_as(),
                extra_groups=[] if self._runs_as() else None,
                start_new_session=True,
            )
        end = time.monotonic() + START_SECONDS
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > end:
                raise AssertionError(f"The database did not start.\n{self.said()}")
            time.sleep(0.05)

    def kill(self) -> None:
        """kill -9 of all its processes."""
        assert self.process is not None
        self._signal(signal.SIGKILL)
        self.process.wait(30)

    def pause(self) -> None:
        """It hangs, until `resume`."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def remove(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _signal(self, number: signal.Signals) -> None:
        # Not by its group: PostgreSQL gives each child one of its own.
        assert self.process is not None
        parent = psutil.Process(self.process.pid)
        for process in (parent, *parent.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                process.send_signal(number)

    def said(self) -> str:
        return (self.folder / "log").read_text(errors="replace")[-4000:]

    def run(self, command: list[str]) -> None:
        done = subprocess.run(
            command, capture_output=True, text=True, user=self._runs_as(), group=self._runs_as(), timeout=120
        )
        assert done.returncode == 0, f"{command[0]} failed.\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"

    def _runs_as(self) -> str | None:
        if os.getuid() != 0:
            return None
        pwd.getpwnam(self.account)
        return self.account


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
