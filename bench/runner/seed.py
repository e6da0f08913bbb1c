"""Fills a fresh database fast, through SQL, and signs access tokens with the installation's own key."""

from __future__ import annotations

import base64
import json
import secrets
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.runner.population import Population, SeedRoom

from sendjay.accounts.tokens import Secrets, Tokens
from sendjay.rooms.model import PEOPLE_SHOWN
from sendjay.storage import migrate
from sendjay.storage.database import Database
from sendjay.storage.installation import agreed_value
from sendjay.storage.moving.move import move
from sendjay.storage.urls import parse_url

WORDS = "Please have a look at the figures before the meeting at three; the second page has changed."
HOUR = 3_600_000


def seed(file: Path, population: Population) -> dict[str, str]:
    """Makes the database of a data directory. Returns everybody's access token."""
    database = Database(f"sqlite:///{file}")
    migrate.upgrade(database)
    key = base64.b64encode(secrets.token_bytes(32)).decode()
    signing = base64.b64decode(agreed_value(database, "token_secret", key))
    database.close()
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA synchronous=OFF")
    with connection:
        _fill(connection, population, time.time_ns() // 1_000_000)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.execute("ANALYZE")
    connection.close()
    tokens = Tokens(Secrets(signing, b""), access_seconds=24 * 3600)
    return {person: tokens.access(person, _session(person)) for person in population.people}


def move_into(file: Path, url: str) -> None:
    """Everything from that database to an empty one elsewhere, as `sendjay db move` does it."""
    target = Database(url)
    move(parse_url(f"sqlite:///{file}"), target, lambda *_: None)
    target.close()


def _session(person: str) -> str:
    return f"session-{person}"


def _fill(connection: sqlite3.Connection, population: Population, now: int) -> None:
    _insert(
        connection, "users", ("user_id", "login_key", "kind", "name", "created_at"),
        ((person, person, "user", f"Person {person}", now) for person in population.people),
    )  # fmt: skip
    _insert(
        connection, "personal_streams", ("user_id", "version", "changed_at"),
        ((person, 1, now) for person in population.people),
    )  # fmt: skip
    _insert(
        connection, "sessions",
        ("session_id", "user_id", "device_id", "device_kind", "generation", "created_at", "seen_at",
         "expires_at"),
        (
            (_session(person), person, "bench", "web", 1, now, now, now + 24 * HOUR)
            for person in population.people
        ),
    )  # fmt: skip
    _insert(
        connection, "rooms",
        ("room_id", "kind", "master_id", "seq", "version", "members_version", "read_version", "member_count",
         "last_seq", "people", "created_at", "touched_at"),
        (
            (room.room, room.kind, room.people[0], room.messages, room.version, 1, 1, len(room.people),
             room.messages, json.dumps(room.people[:PEOPLE_SHOWN]), now - HOUR, now - HOUR // 2)
            for room in population.rooms
        ),
    )  # fmt: skip
    _insert(
        connection, "members",
        ("room_id", "user_id", "read_seq", "read_version", "version", "personal_version", "joined_at"),
        (
            (room.room, person, room.read, 1, 1, 1, now - HOUR)
            for room in population.rooms
            for person in room.people
        ),
    )  # fmt: skip
    _insert(
        connection, "messages",
        ("room_id", "seq", "version", "sender_id", "sent_at", "kind", "body", "client_id"),
        (row for room in population.rooms for row in _timeline(room, now - HOUR)),
    )  # fmt: skip


def _timeline(room: SeedRoom, since: int) -> Iterator[tuple[Any, ...]]:
    for seq in range(1, room.messages + 1):
        sender = room.people[seq % len(room.people)]
        body = room.said(seq) if room.said is not None else f"{seq}. {WORDS}"
        key = f"seeded-{room.room}-{seq}"
        yield room.room, seq, seq + 1, sender, since + seq, "text", body, key


def _insert(
    connection: sqlite3.Connection, table: str, columns: tuple[str, ...], rows: Iterator[tuple[Any, ...]]
) -> None:
    holes = ", ".join("?" * len(columns))
    connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({holes})", rows)  # noqa: S608
