"""Chores: what has had its time is taken away, bit by bit, by one node at a time.

A feature that keeps something for a while gives a `Chore`. Whose turn it is at each stands in the database,
and is asked for again with everything that is written: a node that stood still for long writes nothing more.
What is taken away in one transaction is little, and there is a pause behind it, so that nobody's message
waits for it.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import secrets
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, NamedTuple, TypeVar

import sqlalchemy as sa
import structlog

from sendjay.protocol.errors import Refused
from sendjay.storage.database import Database
from sendjay.storage.transaction import Transaction
from sendjay.storage.writer import Writer
from sendjay.upkeep import store

Result = TypeVar("Result")

HELD_MS = 60_000
"""A turn ends by itself when its node writes nothing for so long."""
ROWS_AT_ONCE = 200
COUNTED_MOST = 100_000
SHORTEST_PAUSE = 0.02
PAUSES = 4.0
"""After each transaction, times as long as it took."""
FIRST_SECONDS = 120.0
HOUR, DAY = 3600.0, 86_400.0
DAY_MS = 86_400_000

log = structlog.get_logger(__name__)
count_some = store.count_some
last_done = store.last_done


class TurnLost(Exception):
    """Another node has the turn: this one was silent for too long."""


class Turn:
    """One node's turn at a chore."""

    def __init__(self, database: Database, writer: Writer, chore: str, holder: str, now: int) -> None:
        self._database = database
        self._writer = writer
        self._chore = chore
        self._holder = holder
        self.now = now
        """When it began, in milliseconds by the database's clock."""
        self.rows = 0
        """How many were taken away."""

    async def read(self, work: Callable[[sa.Connection], Result]) -> Result:
        return await self._database.read(work)

    async def write(self, work: Callable[[Transaction], Result], *, rooms: tuple[str, ...] = ()) -> Result:
        """As the writer's `run`, and then a pause. Raises TurnLost, Refused."""

        def guarded(tx: Transaction) -> tuple[bool, Result | None]:
            if not store.keep(tx, self._chore, self._holder, tx.now + HELD_MS):
                return False, None
            return True, work(tx)

        began = time.monotonic()
        is_mine, result = await self._writer.run(guarded, rooms=rooms)
        if not is_mine:
            raise TurnLost
        await asyncio.sleep(max(SHORTEST_PAUSE, PAUSES * (time.monotonic() - began)))
        return result  # pyright: ignore[reportReturnType]

    async def keep(self) -> None:
        """For who reads for long, and finds nothing to write."""
        await self.write(lambda _: None)

    async def delete(self, table: sa.Table, condition: Any) -> None:
        """All rows of this condition."""
        while found := await self.write(lambda tx: store.delete_some(tx, table, condition, ROWS_AT_ONCE)):
            self.rows += found


class Chore(NamedTuple):
    """Something that is to be taken away when it has had its time."""

    name: str
    says: str
    """What is taken away, such as "used tickets"."""
    every_seconds: float
    count: Callable[[sa.Connection, int], int]
    """How many there are at this moment (milliseconds); may stop at COUNTED_MOST."""
    work: Callable[[Turn], Awaitable[None]]
    """Takes them all away, in small steps. It may break off anywhere, and is begun anew."""


class Upkeep:
    """Looks every so often which chores are due and nobody's."""

    def __init__(
        self, database: Database, writer: Writer, chores: Sequence[Chore], every_seconds: float
    ) -> None:
        """`every_seconds` 0: this node does none."""
        self._database = database
        self._writer = writer
        self._chores = chores
        self._every = every_seconds
        self._holder = secrets.token_urlsafe(9)
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        if self._every:
            self._task = asyncio.create_task(self._go_on(), name="upkeep")

    async def stop(self) -> None:
        """Before the writer ends."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _go_on(self) -> None:
        # Spread: all nodes may have been started in the same moment.
        await asyncio.sleep(min(FIRST_SECONDS, self._every) * random.uniform(0.5, 1.0))
        while True:
            for chore in self._chores:
                await self._see_to(chore)
            await asyncio.sleep(self._every * random.uniform(0.9, 1.1))

    async def _see_to(self, chore: Chore) -> None:
        try:
            await self.do(chore)
        except TurnLost:
            log.warning("upkeep.turn_lost", chore=chore.name)
        except Refused as refused:
            # The database is away or has too much to do: the next look makes it good.
            log.warning("upkeep.broken_off", chore=chore.name, code=str(refused.code))
        except Exception:
            log.exception("upkeep.failed", chore=chore.name)

    async def do(self, chore: Chore) -> bool:
        """Do it, if it is due and nobody else is at it; whether this node did. Raises TurnLost, Refused."""
        spacing = int(max(chore.every_seconds, self._every) * 1000)

        def take(tx: Transaction) -> int:
            is_mine = store.take(tx, chore.name, self._holder, tx.now + HELD_MS, tx.now - spacing)
            return tx.now if is_mine else 0

        began = await self._writer.run(take)
        if not began:
            return False
        turn, done = Turn(self._database, self._writer, chore.name, self._holder, began), False
        try:
            await chore.work(turn)
            done = True
        finally:
            with contextlib.suppress(Refused):
                await self._writer.run(
                    lambda tx: store.let_go(tx, chore.name, self._holder, turn.rows, done=done)
                )
        if turn.rows:
            log.info("upkeep.done", chore=chore.name, rows=turn.rows)
        return True


def deletion(
    name: str, says: str, table: sa.Table, condition: Callable[[int], Any], every_seconds: float = HOUR
) -> Chore:
    """A chore that is no more than: delete from this table what fits `condition(now)`."""

    def count(connection: sa.Connection, now: int) -> int:
        return count_some(connection, table, condition(now), COUNTED_MOST)

    async def work(turn: Turn) -> None:
        await turn.delete(table, condition(turn.now))

    return Chore(name, says, every_seconds, count, work)
