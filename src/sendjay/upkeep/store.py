"""The SQL of the clean-up: whose turn it is at which chore, and small deletes."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from sendjay.storage.tables import chores
from sendjay.storage.transaction import Transaction
from sendjay.storage.upsert import insert_or_ignore


def take(tx: Transaction, chore: str, holder: str, until: int, done_before: int) -> bool:
    """It is this holder's turn from now on, where nobody else has it and it was not done since."""
    tx.run(insert_or_ignore(tx.connection.dialect, chores), {"chore": chore, "holder": ""})
    is_free = sa.update(chores).where(
        chores.c.chore == chore, chores.c.held_until <= tx.now, chores.c.done_at <= done_before
    )
    return tx.run(is_free.values(holder=holder, held_until=until)) == 1


def keep(tx: Transaction, chore: str, holder: str, until: int) -> bool:
    """Whether it still is. The row is held until the commit, so that no other turn begins meanwhile."""
    # Always another value: MySQL does not count rows that stay as they were.
    is_mine = sa.update(chores).where(chores.c.chore == chore, chores.c.holder == holder)
    return tx.run(is_mine.values(held_until=until, renewed=chores.c.renewed + 1)) == 1


def let_go(tx: Transaction, chore: str, holder: str, rows: int, *, done: bool) -> None:
    values: dict[str, Any] = {"holder": "", "held_until": 0}
    if done:
        values |= {"done_at": tx.now, "done_rows": rows}
    tx.run(sa.update(chores).where(chores.c.chore == chore, chores.c.holder == holder).values(values))


def last_done(connection: sa.Connection) -> dict[str, tuple[int, int]]:
    """Chore -> when it was done, and how many rows went."""
    query = sa.select(chores.c.chore, chores.c.done_at, chores.c.done_rows)
    return {chore: (done_at, rows) for chore, done_at, rows in connection.execute(query)}


def count_some(connection: sa.Connection, table: sa.Table, condition: Any, most: int) -> int:
    """How many rows there are of this condition; counting stops at `most`."""
    some = sa.select(sa.literal_column("1").label("one")).select_from(table).where(condition).limit(most)
    return connection.execute(sa.select(sa.func.count()).select_from(some.subquery())).scalar_one()


def delete_some(tx: Transaction, table: sa.Table, condition: Any, most: int) -> int:
    """Take away at most so many rows of this condition; how many it were."""
    keys = list(table.primary_key.columns)
    # In two steps: not every database takes a limit with a DELETE, or in a query within one.
    found = tx.all(sa.select(*keys).where(condition).limit(most))
    if found:
        # Under names of their own: those of the columns stand for values that are set.
        one = sa.delete(table).where(*(key == sa.bindparam(f"of_{key.name}") for key in keys))
        names = [f"of_{key.name}" for key in keys]
        tx.run(one, [dict(zip(names, row, strict=True)) for row in found])
    return len(found)
