"""The example market beside the demo: a rental site, with a messenger of its own for who meets there."""

from __future__ import annotations

import asyncio
import os
import secrets
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from sendjay.app import Messenger
from sendjay.settings import Settings

PROGRAM = Path(__file__).parents[3] / "examples" / "market" / "market.py"
SECRET_FILE, TOKEN_FILE = "secret.txt", "token.txt"
SECONDS_TO_END = 10
WARNING = "앱 밖에서 돈을 보내거나 개인 연락처를 알려 주지 마세요. 거래는 옆집창고 안에서 하는 게 안전해요."
WARNED_OF = "계좌,입금,송금,카톡,전화번호"


class DemoMarket:
    """Only where the examples are: an installed package does not carry them."""

    def __init__(self, port: int, messenger_port: int, folder: Path) -> None:
        self.origin = f"http://localhost:{port}"
        self._port = port
        self._folder = folder / "market"
        self._messenger = f"http://127.0.0.1:{messenger_port}"
        self._messenger_port = messenger_port
        self._processes: list[subprocess.Popen[bytes]] = []

    @staticmethod
    def is_there() -> bool:
        return PROGRAM.is_file()

    def prepare(self) -> None:
        """What the two share; made once, for this demo alone."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._keep(SECRET_FILE, lambda: secrets.token_urlsafe(48))
        self._keep(TOKEN_FILE, lambda: asyncio.run(self._token()))

    def start(self) -> None:
        settings = {
            "name": "옆집창고", "data_dir": self._data, "port": self._messenger_port,
            "log_level": "warning", "drain_seconds": 0,
            "embed_origins": self.origin, "embed_secret": self._kept(SECRET_FILE),
            "embed_creates_people": "true", "item_warning": WARNING, "item_warning_words": WARNED_OF,
        }  # fmt: skip
        # Nothing of the environment but what is said here: a production database there must never be touched.
        safe = {name: value for name, value in os.environ.items() if not name.startswith("SENDJAY_")}
        said = {f"SENDJAY_{name.upper()}": str(value) for name, value in settings.items()}
        self._run([sys.executable, "-P", "-m", "sendjay", "serve", "--with-parent"], {**safe, **said})
        command = [sys.executable, str(PROGRAM), "--port", str(self._port), "--messenger", self._messenger]
        for name in (SECRET_FILE, TOKEN_FILE):
            command += [f"--{name.removesuffix('.txt')}", str(self._folder / name)]
        command += ["--database", str(self._folder / "market.db"), "--with-parent"]
        self._run(command, safe)

    def stop(self) -> None:
        for process in self._processes:
            if process.poll() is None:
                process.terminate()
        for process in self._processes:
            try:
                process.wait(SECONDS_TO_END)
            except subprocess.TimeoutExpired:
                process.kill()

    @property
    def _data(self) -> str:
        return str(self._folder / "messenger")

    async def _token(self) -> str:
        messenger = Messenger(Settings(data_dir=self._data, log_level="warning"))
        async with messenger.writing():
            return await messenger.accounts.integrations.add("market", ("items", "deals"))

    def _keep(self, name: str, make: Callable[[], str]) -> None:
        file = self._folder / name
        if not file.is_file():
            made = make()
            file.touch(mode=0o600)
            file.write_text(made, encoding="utf-8")

    def _kept(self, name: str) -> str:
        return (self._folder / name).read_text(encoding="utf-8").strip()

    def _run(self, command: list[str], environment: dict[str, str]) -> None:
        # Their lines on standard output would come in between ours.
        process = subprocess.Popen(  # noqa: S603 - our own programs, no word of it from outside
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, env=environment, cwd=self._folder
        )
        self._processes.append(process)
