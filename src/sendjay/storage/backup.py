"""A copy of SQLite's database, whole and consistent, beside a server at work."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path


class NoBackup(Exception):
    """The text says why there is none."""


def back_up(database: Path, copy: Path) -> None:
    """Write `copy`; it is there once it is whole and on disk, or not at all. Raises NoBackup, OSError."""
    if copy.exists():
        raise NoBackup(f"{copy} is there already; a backup overwrites nothing.")
    unfinished = copy.with_name(f"{copy.name}.unfinished")
    with contextlib.suppress(FileNotFoundError):
        unfinished.unlink()
    # The secrets that sign tokens lie in it: never open to others, not even while it is being written.
    os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        _copy(database, unfinished)
        _sync(unfinished)
        unfinished.rename(copy)
        _sync(copy.parent)
    except sqlite3.Error as error:
        raise NoBackup(f"{database} cannot be copied: {error}.") from None
    finally:
        with contextlib.suppress(FileNotFoundError):
            unfinished.unlink()


def _copy(database: Path, unfinished: Path) -> None:
    source = sqlite3.connect(
        f"{database.absolute().as_uri()}?mode=rw", uri=True, timeout=10, isolation_level=None
    )
    with contextlib.closing(source):
        source.execute("VACUUM INTO ?", (str(unfinished),))
    copied = sqlite3.connect(f"{unfinished.absolute().as_uri()}?mode=ro", uri=True)
    with contextlib.closing(copied):
        damage = copied.execute("PRAGMA quick_check(1)").fetchone()[0]
    if damage != "ok":
        raise NoBackup(f"{database} is damaged: {damage}.")


def _sync(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
