"""Writes SQLite's log back into the database on a thread of its own, so that commits need not wait for it.

SQLite would do so within a commit, once the log is `wal_autocheckpoint` pages long: for some twenty
milliseconds nobody's message is acknowledged. A few pages at a time, beside the writer, hold a commit up for
two or three. The commit's own stays, and with it the log's length: where much waits, fewer and larger ones
cost less in all.
"""

from __future__ import annotations

import threading

import sqlalchemy as sa
import structlog

from sendjay.storage.database import Database
from sendjay.storage.measures import CHECKPOINT_SECONDS, DATABASE_ERRORS

COMMANDS = 48
"""After so many. Measured at 5,000 messages a second: p99 is 4 ms with 32 to 64, over 5 with 128."""
CALM = 64
"""Where so many commands or more are in hand, those just written included, their queue is what takes time,
and not the disk.
"""
PAUSE_SECONDS = 0.005
"""Between two at least: the commits have the disk to themselves for that long."""
FAILED_SECONDS = 1.0
STOP_SECONDS = 10.0

log = structlog.get_logger(__name__)


class Checkpoints:
    """Of a SQLite database; of any other it does nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._is_due = threading.Event()
        self._is_stopping = threading.Event()
        self._commands = 0
        """Committed in calm since the last was due."""
        self._connection: sa.PoolProxiedConnection | None = None
        self._thread = threading.Thread(target=self._run, name="checkpoints", daemon=True)

    def start(self) -> None:
        if self._database.is_sqlite:
            self._thread.start()

    def end(self) -> None:
        """No further one is begun; what is in the log stays there until the database is closed."""
        self._is_stopping.set()
        self._is_due.set()

    def join(self) -> None:
        """From a thread that may wait."""
        if self._database.is_sqlite:
            self._thread.join(STOP_SECONDS)

    def committed(self, commands: int, in_hand: int) -> None:
        """On the writer's thread: so many were, of so many that are not answered yet."""
        self._commands = self._commands + commands if in_hand < CALM else 0
        if self._commands >= COMMANDS:
            self._commands = 0
            self._is_due.set()

    def _run(self) -> None:
        pause = 0.0
        while not self._is_stopping.wait(pause):
            self._is_due.wait()
            self._is_due.clear()
            if self._is_stopping.is_set():
                break
            pause = PAUSE_SECONDS
            if not self._write_back():
                pause = FAILED_SECONDS
                self._is_due.set()
        if self._connection is not None:
            self._connection.close()

    def _write_back(self) -> bool:
        """Was it done? Never raises: without this thread the commits would be slow again, and nobody knew."""
        try:
            with CHECKPOINT_SECONDS.time():
                # PASSIVE waits for no reader, and the writer need not wait for it.
                self._connect().cursor().execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        except Exception as error:
            DATABASE_ERRORS.labels("checkpoint").inc()
            log.warning("database.cannot_checkpoint", error=type(error).__name__)
            held, self._connection = self._connection, None
            if held is not None:
                held.invalidate(error)
            return False
        return True

    def _connect(self) -> sa.PoolProxiedConnection:
        if self._connection is None:
            self._connection = self._database.writing_engine.raw_connection()
        return self._connection
