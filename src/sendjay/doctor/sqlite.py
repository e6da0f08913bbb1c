"""What is SQLite's own."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import sqlalchemy as sa

from sendjay.doctor.finding import Findings
from sendjay.settings import Settings
from sendjay.storage.file_systems import kind_of

OLDEST = (3, 38, 0)
"""The first with JSON functions always in it."""
DOUBTFUL = ("fuse.", "virtiofs", "fakeowner")
"""They pass everything on to another one: a folder of the host in a virtual machine, and the like."""
_MIB = 1 << 20
CHECKED_BYTES_MOST = 512 * _MIB
"""Looking through a larger file would keep its disk busy for too long beside a running server."""
LARGE_LOG_BYTES = 512 * _MIB


def examine_sqlite(connection: sa.Connection, _settings: Settings, findings: Findings) -> None:
    file = Path(connection.engine.url.database or "")
    size = file.stat().st_size
    kind = kind_of(file) or "unknown"
    if sqlite3.sqlite_version_info < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        findings.problem(
            f"SQLite {sqlite3.sqlite_version} is too old", f"Take a Python with SQLite {oldest} or later"
        )
    findings.ok(f"SQLite {sqlite3.sqlite_version}, {file.name} of {size / _MIB:,.0f} MiB, file system {kind}")
    if kind.startswith(DOUBTFUL):
        says = f"Whether SQLite's locks hold on {kind} depends on what lies behind it"
        findings.warning(
            says, "Put the file on a disk of this machine (in a container: a volume, no shared folder)"
        )
    log = file.with_name(f"{file.name}-wal")
    if log.exists() and log.stat().st_size > LARGE_LOG_BYTES:
        says = f"{log.name} has grown to {log.stat().st_size / _MIB:,.0f} MiB"
        findings.warning(says, "End the program that reads the database without end (a backup, a shell)")
    if size <= CHECKED_BYTES_MOST:
        damage = str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one())
        if damage != "ok":
            findings.problem(
                f"The file is damaged: {damage}", "Stop the server and put the last backup in place"
            )
