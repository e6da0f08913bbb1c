"""A database that another program holds: whoever wants to write waits until it lets go."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def held(data: Path) -> Iterator[None]:
    """Nothing can be written to the database of this data folder meanwhile; reading goes on."""
    holder = sqlite3.connect(data / "sendjay.db", isolation_level=None, timeout=30)
    try:
        holder.execute("BEGIN IMMEDIATE")
        yield
        holder.execute("ROLLBACK")
    finally:
        holder.close()
