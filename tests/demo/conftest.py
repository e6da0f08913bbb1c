"""A demo as a stranger starts it."""

from __future__ import annotations

import os
import select
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.nursery import PROGRAM

FIRST_START_SECONDS = 120


class Demo:
    """`sendjay demo` on a folder; may be stopped and started again."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.data = folder / "demo-data"
        self.printed: list[str] = []
        self._environment = {
            "PATH": os.environ["PATH"],
            "COLUMNS": "120",
            "PYTHONIOENCODING": "utf-8",
            **environment,
        }
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> Demo:
        """Until it says that it is ready; all it printed is in `printed`."""
        self._process = subprocess.Popen(
            [PROGRAM, "demo", "--port", "0", "--portal-port", "0", "--market-port", "0"],
            cwd=self.folder,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self._process.stdout is not None
        self.printed = []
        while not (self.printed and "ready at" in self.printed[-1]):
            readable, _, _ = select.select([self._process.stdout], [], [], FIRST_START_SECONDS)
            line = self._process.stdout.readline() if readable else ""
            if not line:
                self._process.kill()
                raise AssertionError("The demo did not start:\n" + "".join(self.printed))
            self.printed.append(line)
        return self

    def stop(self) -> int:
        """Ctrl+C; the exit code."""
        assert self._process is not None
        self._process.send_signal(signal.SIGINT)
        try:
            rest, _ = self._process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            raise
        assert "Traceback" not in rest, rest
        return self._process.returncode

    def kill(self) -> None:
        """No goodbye, nothing tidied up."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    @property
    def url(self) -> str:
        return self.printed[-1].split()[-1]

    def __enter__(self) -> Demo:
        return self.start()

    def __exit__(self, *_: object) -> None:
        assert self._process is not None
        if self._process.poll() is None:
            assert self.stop() == 0

    def sign_in(self, login: str, password: str = "sendjay-demo") -> httpx.Client:
        """A REST client of somebody's."""
        credentials = {"login": login, "password": password}
        answer = httpx.post(f"{self.url}/api/auth/sign-in", json=credentials, timeout=30, trust_env=False)
        token = answer.raise_for_status().json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=30, trust_env=False)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    folder = tmp_path_factory.mktemp("demo")
    # What the environment says of a production server must make no difference.
    production = {
        "SENDJAY_DATABASE_URL": f"sqlite:///{folder / 'production.db'}",
        "SENDJAY_DATA_DIR": str(folder / "production"),
    }
    with Demo(folder, **production) as started:
        yield started
