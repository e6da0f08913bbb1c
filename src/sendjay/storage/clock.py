"""The database's time, which is the one time that all nodes share."""

from __future__ import annotations

import threading
import time

import sqlalchemy as sa

ASK_SECONDS = 10.0
"""In between, time is counted from what the database said last: clocks do not drift far in so long."""

NOW = {
    "postgresql": "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint",
    "mysql": "SELECT CAST(UNIX_TIMESTAMP(SYSDATE(3)) * 1000 AS SIGNED)",
}


class DatabaseClock:
    """Milliseconds since 1970. Asked now and then, counted by the monotonic clock in between: setting this
    machine's clock changes nothing.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._said = 0
        self._asked = float("-inf")

    def now(self, connection: sa.Connection) -> int:
        """SQLite lives in this process: its clock is ours."""
        if connection.dialect.name == "sqlite":
            return _own()
        with self._lock:
            said, asked = self._said, self._asked
        if time.monotonic() - asked > ASK_SECONDS:
            said, asked = self._ask(connection)
        return said + round((time.monotonic() - asked) * 1000)

    def ask(self, connection: sa.Connection) -> int:
        """The same, asked now."""
        return _own() if connection.dialect.name == "sqlite" else self._ask(connection)[0]

    def offset_seconds(self) -> float:
        """By how much this machine's clock is ahead of the database's; 0 before it was ever asked."""
        with self._lock:
            if self._said == 0:
                return 0.0
            return time.time() - (self._said / 1000 + time.monotonic() - self._asked)

    def _ask(self, connection: sa.Connection) -> tuple[int, float]:
        said = int(connection.exec_driver_sql(NOW[connection.dialect.name]).scalar_one())
        asked = time.monotonic()
        with self._lock:
            self._said, self._asked = said, asked
        return said, asked


def _own() -> int:
    return time.time_ns() // 1_000_000
