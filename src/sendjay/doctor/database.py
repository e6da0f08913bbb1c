"""The database: reachable, safe, up to date, writable, and of one time with this machine."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from sendjay.doctor.finding import Findings
from sendjay.doctor.mysql import examine_mysql
from sendjay.doctor.postgresql import examine_postgresql
from sendjay.doctor.sqlite import examine_sqlite
from sendjay.settings import Settings
from sendjay.storage.database import Database, what_the_driver_says
from sendjay.storage.durability import dangers
from sendjay.storage.migrate import fits, is_current
from sendjay.storage.moving.target import is_half_moved
from sendjay.storage.tables import installation
from sendjay.storage.urls import parse_url

OFFSET_WARNING_MS = 2_000
OFFSET_PROBLEM_MS = 30_000
SLOW_ANSWER_MS = 5.0

_OWN: dict[str, Callable[[sa.Connection, Settings, Findings], None]] = {
    "sqlite": examine_sqlite,
    "postgresql": examine_postgresql,
    "mysql": examine_mysql,
}


def examine_database(settings: Settings, findings: Findings) -> None:
    url = parse_url(settings.database)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        findings.ok(f"{url.database} is not there yet; the first start makes it")
        return
    database = Database(settings.database)
    try:
        if _examine_reading(database, settings, findings):
            _examine_writing(database, findings)
    except DBAPIError as error:
        shown = url.render_as_string(hide_password=True)
        says = f"{shown} cannot be used: {what_the_driver_says(error)}"
        findings.problem(says, "Check database_url, the network, and that the database is running")
    except OSError as error:
        findings.problem(
            f"{error.filename} cannot be used: {error.strerror}", "Run this as the server's account"
        )
    finally:
        database.close()


def _examine_reading(database: Database, settings: Settings, findings: Findings) -> bool:
    """May it be written to at all?"""
    with database.engine.connect() as connection, connection.begin():
        _OWN[connection.dialect.name](connection, settings, findings)
        forbidden = dangers(connection)
        for danger in forbidden:
            findings.problem(f"It may not be used: {danger.what}", danger.remedy)
        if not forbidden:
            findings.ok("It keeps what it has acknowledged, and is the only one that writes")
        if not database.is_sqlite:
            _examine_clock(database, connection, findings)
    return not forbidden


def _examine_writing(database: Database, findings: Findings) -> None:
    with database.writing_engine.connect() as connection:
        with connection.begin():
            has_schema = sa.inspect(connection).has_table(installation.name)
            is_ours, can_be_used = is_current(connection), fits(connection)
            isolation = connection.get_isolation_level()
        if not database.is_sqlite and isolation != "READ COMMITTED":
            says = f"Our sessions get the isolation {isolation}, not READ COMMITTED"
            findings.problem(says, "Let no proxy change what a session asks for")
        if not has_schema:
            findings.ok("It is empty; the first start makes the tables")
        elif not can_be_used:
            says = "Its tables are not those of this version"
            findings.warning(says, "Start the server: it changes them, or says that it is too old for them")
        elif not is_ours:
            says = "Its tables are a later version's, with which this one can work"
            findings.warning(says, "Update this node too")
        else:
            _examine_contents(connection, findings)


def _examine_contents(connection: sa.Connection, findings: Findings) -> None:
    with connection.begin():
        if is_half_moved(connection):
            findings.problem("A move into it has not come to its end", "Run `sendjay db move` again")
    attempt = connection.begin()
    try:
        row = {"name": f"doctor-{secrets.token_hex(8)}", "value": "한글 😀"}
        connection.execute(installation.insert(), row)
        query = sa.select(installation.c.value).where(installation.c.name == row["name"])
        if connection.execute(query).scalar_one() == row["value"]:
            findings.ok("Its tables are those of this version, and can be written to")
        else:
            findings.problem(
                "It changes what is written", "Check the character set of the database: utf8mb4, UTF8"
            )
    except DBAPIError as error:
        says = f"Nothing can be written: {what_the_driver_says(error)}"
        findings.problem(
            says, "Give the account its rights, make room on the disk, or end what holds the database"
        )
    finally:
        attempt.rollback()


def _examine_clock(database: Database, connection: sa.Connection, findings: Findings) -> None:
    took, offset = min(_compare_clocks(database, connection) for _ in range(5))
    answers = f"It answers in {took:.1f} ms"
    if took > SLOW_ANSWER_MS:
        findings.warning(f"{answers}: every message waits for it", "Put the servers near their database")
    else:
        findings.ok(answers)
    says = f"This machine's clock and the database's are {abs(offset) / 1000:,.1f} s apart"
    remedy = "Keep both by NTP (chrony, systemd-timesyncd)"
    if abs(offset) > OFFSET_PROBLEM_MS:
        findings.problem(says, remedy)
    elif abs(offset) > OFFSET_WARNING_MS:
        findings.warning(says, remedy)
    else:
        findings.ok(says)


def _compare_clocks(database: Database, connection: sa.Connection) -> tuple[float, float]:
    """How long the answer took, and how far the database is ahead; both in milliseconds."""
    before, began = time.time_ns(), time.perf_counter_ns()
    theirs = database.ask_clock(connection)
    took = (time.perf_counter_ns() - began) / 1_000_000
    return took, theirs - (before / 1_000_000 + took / 2)
