"""What many ask at the same moment, read by one reader in one snapshot.

A company that comes back asks the same of the database for each of its people: together they cost a few
statements, one thread and one turn of the event loop.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

import sqlalchemy as sa

from sendjay.protocol.errors import Refused
from sendjay.storage.database import Database

Ask = TypeVar("Ask")
Answer = TypeVar("Answer")


class SharedReads(Generic[Ask, Answer]):
    """Nothing waits on purpose: while some are answered, the next ones gather, at most `most` of them.

    `answer` gives each its answer, or the Refused that says why not.
    """

    def __init__(
        self,
        database: Database,
        answer: Callable[[sa.Connection, Sequence[Ask]], Sequence[Answer | Refused]],
        most: int,
    ) -> None:
        self._database = database
        self._answer = answer
        self._most = most
        self._waiting: deque[tuple[Ask, asyncio.Future[Answer]]] = deque()
        self._reading: asyncio.Task[None] | None = None

    async def ask(self, ask: Ask) -> Answer:
        """Its answer, from a snapshot that is younger than this call. Raises Refused."""
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((ask, future))
        if self._reading is None:
            self._reading = asyncio.ensure_future(self._read_on())
        return await future

    async def _read_on(self) -> None:
        try:
            while self._waiting:
                group = [self._waiting.popleft() for _ in range(min(self._most, len(self._waiting)))]
                # Whose connection was lost meanwhile waits no more.
                group = [(ask, future) for ask, future in group if not future.done()]
                for (_, future), outcome in zip(
                    group, await self._read([ask for ask, _ in group]), strict=True
                ):
                    _settle(future, outcome)
        finally:
            self._reading = None

    async def _read(self, asks: Sequence[Ask]) -> Sequence[Answer | Exception]:
        if not asks:
            return []
        try:
            return await self._database.read(lambda connection: self._answer(connection, asks))
        except Exception as error:
            if len(asks) == 1:
                return [error]
        # One that cannot be answered hurts only itself.
        return [(await self._read([ask]))[0] for ask in asks]


def _settle(future: asyncio.Future[Answer], outcome: Answer | Exception) -> None:
    if future.done():
        return
    if isinstance(outcome, Exception):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)
