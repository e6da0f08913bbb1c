"""The example portal beside the demo: a process of its own, at another site."""

from __future__ import annotations

import secrets
import subprocess
import sys
from pathlib import Path

PROGRAM = Path(__file__).parents[3] / "examples" / "portal" / "portal.py"
SECRET_FILE = "portal-secret.txt"  # noqa: S105 - its name, not what is in it
SECONDS_TO_END = 5


class DemoPortal:
    """Only where the examples are: an installed package does not carry them."""

    def __init__(self, port: int) -> None:
        self.port = port
        # By name, while the messenger is at an address: two sites to a browser, as in a company.
        self.origin = f"http://localhost:{port}"
        self._process: subprocess.Popen[bytes] | None = None

    @staticmethod
    def is_there() -> bool:
        return PROGRAM.is_file()

    @staticmethod
    def secret(folder: Path) -> str:
        """What the two share; made once, for this demo alone."""
        file = folder / SECRET_FILE
        if not file.is_file():
            file.touch(mode=0o600)
            file.write_text(secrets.token_urlsafe(48), encoding="utf-8")
        return file.read_text(encoding="utf-8").strip()

    def start(self, messenger: str, folder: Path) -> None:
        command = [sys.executable, str(PROGRAM), "--port", str(self.port), "--messenger", messenger]
        command += ["--secret", str(folder / SECRET_FILE), "--with-parent"]
        # Its one line on standard output would come in between ours.
        self._process = subprocess.Popen(  # noqa: S603 - our own program, no word of it from outside
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
        )

    def stop(self) -> None:
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self._process.kill()
