"""What one command sees while it is being written: the connection, the database's time, and a list of what
to tell.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from sendjay.storage.locks import Rows, lock


class Transaction:
    """One group's database transaction. Services add to `published`; the writer delivers it after the
    commit.
    """

    __slots__ = ("connection", "is_repeated", "now", "published")

    def __init__(self, connection: sa.Connection, now: int, *, is_repeated: bool = False) -> None:
        self.connection = connection
        self.now = now
        """Milliseconds since 1970, the database's clock."""
        self.is_repeated = is_repeated
        """The line broke the last time: what is found done may have been done by that, and told to nobody."""
        self.published: list[object] = []

    def publish(self, delivery: object) -> None:
        """Tell it to those concerned, once this is on disk."""
        self.published.append(delivery)

    def lock(self, rows: Rows) -> None:
        """Hold rows that the command could not name before it began. Against the order of locks others may
        come the other way: the database ends the circle, and the writer does the work again.
        """
        lock(self.connection, (rows,))

    def all(self, statement: sa.Executable, parameters: Any = None) -> list[sa.Row[Any]]:
        return list(self.connection.execute(statement, parameters).all())

    def one(self, statement: sa.Executable, parameters: Any = None) -> sa.Row[Any] | None:
        return self.connection.execute(statement, parameters).first()

    def run(self, statement: sa.Executable, parameters: Any = None) -> int:
        """Execute a change; how many rows it touched (-1 where the driver does not say)."""
        # Without it PostgreSQL does not say after an insert.
        options = {"preserve_rowcount": True}
        return self.connection.execute(statement, parameters, execution_options=options).rowcount
