"""The demo's own folder. The demo never touches one that it did not make itself."""

from __future__ import annotations

import json
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

    def prepare(self) -> bool:
        """True when the company has still to be made. Raises NotADemo."""
        if self._mark.is_file():
            if self._state() == "ready":
                return False
            self._sweep()
        elif self.folder.exists() and (not self.folder.is_dir() or any(self.folder.iterdir())):
            raise NotADemo(
                f"{self.folder} holds something that is not a demo. Name an empty or a new folder."
            )
        self.folder.mkdir(parents=True, exist_ok=True)
        self._set("unfinished")
        return True

    def finish(self) -> None:
        """From now on the data is kept."""
        self._set("ready")

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
