"""The market's own database: one SQLite file."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta, timezone
from http import HTTPStatus
from pathlib import Path

from content import CLOSED_POSTS, DEALS, POSTS

SEOUL = timezone(timedelta(hours=9))
SCHEMA = """
CREATE TABLE IF NOT EXISTS posts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    owner TEXT NOT NULL,
    title TEXT NOT NULL,
    price INTEGER NOT NULL,
    description TEXT NOT NULL,
    picture TEXT NOT NULL,
    is_closed INTEGER NOT NULL DEFAULT 0,
    is_deleted INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS deals (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    post INTEGER NOT NULL REFERENCES posts (id),
    borrower TEXT NOT NULL,
    since TEXT NOT NULL,
    until TEXT NOT NULL,
    state TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS deals_by_post ON deals (post, state);
CREATE TABLE IF NOT EXISTS outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    body TEXT,
    tries INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS clock (last INTEGER NOT NULL);
"""


class Refused(Exception):
    """A change that the market's rules forbid; its text is shown to whoever asked."""

    def __init__(self, text: str, status: HTTPStatus = HTTPStatus.CONFLICT) -> None:
        super().__init__(text)
        self.status = status


class Missing(Exception):
    """There is no such thing, or it is none of this person's business."""


class Store:
    def __init__(self, path: Path) -> None:
        self._path = path
        with self.changing() as db:
            for statement in SCHEMA.split(";"):
                db.execute(statement)
            self.is_new = db.execute("SELECT count(*) FROM clock").fetchone()[0] == 0
            if self.is_new:
                db.execute("INSERT INTO clock VALUES (0)")
                _begin_with(db)

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """All of it or nothing; one at a time, so that what a rule has looked at stays as it was."""
        with self._open() as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
            except BaseException:
                db.rollback()
                raise
            db.commit()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        with self._open() as db:
            db.execute("BEGIN")
            yield db

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        db = sqlite3.connect(self._path, timeout=10, isolation_level=None)
        try:
            db.row_factory = sqlite3.Row
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA foreign_keys = ON")
            yield db
        finally:
            db.close()


def today() -> date:
    return datetime.now(SEOUL).date()


def next_time(db: sqlite3.Connection) -> int:
    """Now in milliseconds, and later than any that was given before: the messenger orders by it."""
    (last,) = db.execute("SELECT last FROM clock").fetchone()
    at = max(int(time.time() * 1000), last + 1)
    db.execute("UPDATE clock SET last = ?", (at,))
    return at


def _begin_with(db: sqlite3.Connection) -> None:
    db.executemany(
        "INSERT INTO posts (id, owner, title, price, description, picture, is_closed)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (post.id, post.owner, post.title, post.price, post.description, post.picture,
             post.id in CLOSED_POSTS)
            for post in POSTS
        ],
    )  # fmt: skip
    day = today()
    db.executemany(
        "INSERT INTO deals (post, borrower, since, until, state) VALUES (?, ?, ?, ?, ?)",
        [
            (deal.post, deal.borrower, (day + timedelta(deal.since)).isoformat(),
             (day + timedelta(deal.until)).isoformat(), deal.state)
            for deal in DEALS
        ],
    )  # fmt: skip
