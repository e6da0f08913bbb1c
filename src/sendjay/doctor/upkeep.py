"""What the clean-up would take away now, and when it did so last."""

from __future__ import annotations

import time
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from sendjay.chores import all_chores
from sendjay.doctor.finding import Findings
from sendjay.files.sweeps import would_take_away
from sendjay.rooms.retention import kept_days
from sendjay.settings import Settings
from sendjay.storage.database import Database
from sendjay.storage.migrate import is_current
from sendjay.storage.urls import parse_url
from sendjay.upkeep.service import COUNTED_MOST, last_done

LATE_DAYS = 3
_DAY_MS = 86_400_000


def examine_upkeep(settings: Settings, findings: Findings) -> None:
    url = parse_url(settings.database)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        return
    database = Database(settings.database)
    try:
        with database.engine.connect() as connection, connection.begin():
            if is_current(connection):
                _examine(connection, database.clock(connection), settings, findings)
    except (DBAPIError, OSError):
        # Said with the database already.
        return
    finally:
        database.close()


def _examine(connection: sa.Connection, now: int, settings: Settings, findings: Findings) -> None:
    done = last_done(connection)
    kept = kept_days(settings)
    shown = ", ".join(f"{kind} {days} days" for kind, days in kept.items()) or "for ever"
    findings.ok(f"Messages are shown: {shown}")
    for chore in all_chores(settings):
        done_at, rows = done.get(chore.name, (0, 0))
        says = f"{_so_many(chore.count(connection, now))} {chore.says}{_last(now, done_at, rows)}"
        if done and done_at and now - done_at > LATE_DAYS * _DAY_MS:
            findings.warning(says, "See whether a server runs with upkeep_seconds above 0, and its log")
        else:
            findings.ok(says)
    findings.ok(f"{_so_many(sum(would_take_away(connection, now).values()))} files whose time has come")


def _so_many(count: int) -> str:
    return f"{COUNTED_MOST:,} or more" if count >= COUNTED_MOST else f"{count:,}"


def _last(now: int, done_at: int, rows: int) -> str:
    if not done_at:
        return " (never done yet)"
    at = time.strftime("%Y-%m-%d %H:%M", time.localtime(done_at / 1000))
    return f" (last done {at}, {rows:,} went)"
