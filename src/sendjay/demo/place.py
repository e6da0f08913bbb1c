"""The demo's own folder. The demo never touches one that it did not make itself."""

from __future__ import annotations

import fcntl
import json
import os
from pathlib import Path

MARK = "sendjay-demo.json"
DATABASE = "sendjay.db"


class NotADemo(Exception):
    """This folder holds something else."""


class DemoPlace:
    """A data folder with a mark in it, set before anything else is written there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._mark = folder / MARK
        self._lock = -1

    def prepare(self) -> bool:
        """True when the company has still to be made. Raises NotADemo."""
        is_ours = self._mark.is_file()
        is_free = not self.folder.exists() or (self.folder.is_dir() and not any(self.folder.iterdir()))
        if not (is_ours or is_free):
            raise NotADemo(f"{self.folder} holds something that is not a demo. Name an empty or new folder.")
        if is_ours and self._state() == "ready" and (self.folder / DATABASE).is_file():
            return False
        self.folder.mkdir(parents=True, exist_ok=True)
        self._take_turn()
        self._sweep()
        self._set("unfinished")
        return True

    def finish(self) -> None:
        """From now on the data is kept."""
        self._set("ready")
        os.close(self._lock)

    def _take_turn(self) -> None:
        """Two first starts at once would sweep away each other's work. The lock ends with this process."""
        self._lock = os.open(self._mark, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._lock)
            raise NotADemo(f"Another demo is just being made in {self.folder}.") from None

    def _sweep(self) -> None:
        """A first start that was broken off left half a company behind."""
        for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm"):
            (self.folder / name).unlink(missing_ok=True)

    def _state(self) -> str:
        try:
            return str(json.loads(self._mark.read_text(encoding="utf-8"))["state"])
        except (ValueError, KeyError, TypeError):
            # The mark itself was being written when it broke off.
            return "unfinished"

    def _set(self, state: str) -> None:
        self._mark.write_text(json.dumps({"state": state}) + "\n", encoding="utf-8")
