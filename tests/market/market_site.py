"""The example market as a process of its own, and neighbours who use it without a browser."""

from __future__ import annotations

import re
import select
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import datetime, timedelta, timezone
from pathlib import Path

import httpx

PROGRAM = Path(__file__).parents[2] / "examples" / "market" / "market.py"
READY_SECONDS = 20
FORM_KEY = re.compile(r'name="form_key" value="([^"]+)"')


class MarketSite:
    """End it with `stop`."""

    def __init__(self, folder: Path, messenger: str) -> None:
        self.database = folder / "market.sqlite"
        (folder / "secret.txt").write_text("what the market and the messenger share")
        (folder / "token.txt").write_text("token-of-the-market\n")
        command = [sys.executable, str(PROGRAM), "--port", "0", "--messenger", messenger]
        command += ["--secret", str(folder / "secret.txt"), "--token", str(folder / "token.txt")]
        command += ["--database", str(self.database)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert self._process.stdout is not None
        readable, _, _ = select.select([self._process.stdout], [], [], READY_SECONDS)
        line = self._process.stdout.readline() if readable else ""
        found = re.search(r"http://localhost:\d+", line)
        if found is None:
            self.stop()
            raise AssertionError(f"The market did not start: {line!r}")
        self.url = found[0]

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(10)

    def rows(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.database)) as db:
            return db.execute(statement, values).fetchall()

    def deal(self, borrower: str, post: int) -> int:
        """Their latest."""
        found = self.rows("SELECT max(id) FROM deals WHERE borrower = ? AND post = ?", borrower, post)
        assert isinstance(found[0][0], int)
        return found[0][0]


class Neighbour:
    """Somebody signed in to the market."""

    def __init__(self, market: MarketSite, person: str) -> None:
        self.http = httpx.Client(base_url=market.url, trust_env=False)
        self.http.post("/sign-in", data={"person": person})
        found = FORM_KEY.search(self.page("/"))
        assert found is not None
        self.form_key = found[1]

    def page(self, path: str) -> str:
        return self.http.get(path).text

    def send(self, path: str, **fields: str) -> httpx.Response:
        return self.http.post(path, data={"form_key": self.form_key, **fields})

    def ask(self, post: int, since: int, until: int) -> httpx.Response:
        return self.send(f"/posts/{post}/ask", since=day(since), until=day(until))


def day(ahead: int) -> str:
    return (datetime.now(timezone(timedelta(hours=9))).date() + timedelta(days=ahead)).isoformat()
