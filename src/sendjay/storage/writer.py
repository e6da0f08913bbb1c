"""Group commit: one thread that writes all that is waiting in one transaction, then tells the event loop.

Nothing waits on purpose: while one group commits, the next one gathers. The commands of one lane keep their
order, but between two that stand alone those of one batch kind are handed to their handler together. If a
group fails, each of its commands is run again by itself, so that a bad one hurts nobody else.
"""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import sqlalchemy as sa
import structlog

from sendjay.protocol.errors import Code, Refused
from sendjay.storage import failures
from sendjay.storage.checkpoints import Checkpoints
from sendjay.storage.database import Database, drop
from sendjay.storage.durability import refuse_dangers
from sendjay.storage.intake import BatchHandler, Intake, Job, Outcome, WriterLimits
from sendjay.storage.locks import Rows, lock
from sendjay.storage.measures import COMMIT_SECONDS, DATABASE_ERRORS, GROUP_SIZE
from sendjay.storage.scheduling import work_in_short_bursts
from sendjay.storage.transaction import Transaction

Result = TypeVar("Result")
TRIES = 4
"""Of a group that met another node's, or whose connection broke."""
PAUSE_SECONDS = 0.01
"""Before the second; longer before each further one."""

log = structlog.get_logger(__name__)


class _CannotBegin(Exception):
    """No transaction could be begun: no command of the group is at fault."""

    def __init__(self, cause: Exception) -> None:
        super().__init__()
        self.cause = cause


class Writer:
    """The only one who writes. `deliver` gets what was published, on the event loop, after the commit."""

    def __init__(
        self,
        database: Database,
        deliver: Callable[[list[object]], None],
        limits: WriterLimits | None = None,
    ) -> None:
        self._database = database
        self._deliver = deliver
        self._intake = Intake(limits or WriterLimits())
        self._checkpoints = Checkpoints(database)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._connection: sa.Connection | None = None
        self._has_asked_to_commit = False
        self._when_in_doubt: Callable[[], None] = lambda: None

    def when_in_doubt(self, hook: Callable[[], None]) -> None:
        """Call `hook` on the loop where nobody knows whether a group was committed: it may be on disk, and
        what it published is told to nobody.
        """
        self._when_in_doubt = hook

    @property
    def waiting(self) -> int:
        """Commands handed in and not yet answered."""
        return self._intake.waiting

    def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._thread.start()
        self._checkpoints.start()

    async def stop(self) -> None:
        """Write what is waiting, then end."""
        self._intake.close()
        self._checkpoints.end()
        await asyncio.to_thread(self._thread.join, 10)
        await asyncio.to_thread(self._checkpoints.join)
        await asyncio.sleep(0)

    def is_alive(self) -> bool:
        return self._thread.is_alive()

    async def run(
        self,
        work: Callable[[Transaction], Result],
        lane: str = "",
        *,
        rooms: tuple[str, ...] = (),
        users: tuple[str, ...] = (),
    ) -> Result:
        """Do `work` in a transaction, holding these rooms and people; its result once that is on disk. It may
        be done several times until it is. What has the same `lane` is done in the order in which it was
        handed in. Raises Refused.
        """
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._intake.put(Job(partial(_settle, future), work=work, lane=lane, rows=Rows(rooms, users)))
        return await future

    def submit(
        self,
        batch: BatchHandler,
        item: object,
        done: Callable[[Outcome], None],
        *,
        lane: str,
        person: str,
        size: int = 0,
    ) -> None:
        """Hand `item`, of `size` bytes, to `batch` with its neighbours; `done` is called on the loop. Raises
        Refused when too much waits: in all, in its lane, or of this person.
        """
        self._intake.put(Job(done, batch=batch, item=item, lane=lane, person=person, size=size))

    async def submit_and_wait(
        self, batch: BatchHandler, item: object, *, lane: str, person: str, size: int = 0
    ) -> Any:
        """The same for callers that wait: the result. Raises Refused."""
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self.submit(batch, item, partial(_settle, future), lane=lane, person=person, size=size)
        return await future

    def _run(self) -> None:
        work_in_short_bursts()
        while group := self._intake.take():
            self._write(group)
        self._disconnect()

    def _write(self, group: list[Job]) -> None:
        """Never raises: a dead writer would be a silent one."""
        failure = self._try(group)
        if failure is None:
            return
        if len(group) == 1 or isinstance(failure, _CannotBegin) or failures.is_slow(failure):
            self._refuse(group, failure)
            return
        # What somebody else holds made all of them wait; alone, each waits no more.
        wait = not failures.is_locked(failure)
        for position, job in enumerate(group):
            failure = self._try([job], wait=wait)
            if isinstance(failure, _CannotBegin):
                self._refuse(group[position:], failure)
                return
            if failure is not None:
                self._refuse([job], failure)

    def _try(self, group: list[Job], *, wait: bool = True) -> Exception | None:
        """Write and answer; what was in the way, where it does not go."""
        failure: Exception | None = None
        is_repeated = False
        for attempt in range(TRIES):
            if attempt:
                time.sleep(PAUSE_SECONDS * random.random() * 2**attempt)
            try:
                outcomes, published = self._commit(group, wait=wait, is_repeated=is_repeated)
            except _CannotBegin as error:
                DATABASE_ERRORS.labels("begin").inc()
                self._disconnect()
                return error
            except Exception as error:
                DATABASE_ERRORS.labels("write").inc()
                failure = error
                if self._has_asked_to_commit:
                    self._on_loop(self._when_in_doubt)
                if not self._goes_again(error):
                    return error
                is_repeated = is_repeated or failures.is_lost(error)
            else:
                self._tell(group, outcomes, published)
                return None
        log.error("writer.gave_up", group=len(group), exc_info=failure)
        return failure

    def _goes_again(self, error: Exception) -> bool:
        """Is it worth another try?"""
        if failures.is_conflict(error):
            log.info("database.conflict", error=type(error).__name__)
            return True
        if failures.is_locked(error):
            log.warning("database.locked", error=type(error).__name__)
            return False
        self._disconnect()
        if failures.is_lost(error):
            # What was committed before the line broke is found again by its idempotency key.
            log.warning("database.lost", error=type(error).__name__)
            return True
        if failures.explain(error).code is Code.INVALID:
            log.warning("database.refuses_values", error=type(error).__name__)
        else:
            log.error("writer.failed", exc_info=error)
        return False

    def _refuse(self, group: list[Job], failure: Exception) -> None:
        if isinstance(failure, _CannotBegin):
            # Whoever holds the database makes each of them wait as long: one wait is enough for all.
            group = [*group, *self._intake.take_rest()]
            log.error("writer.cannot_begin", group=len(group), exc_info=failure.cause)
            failure = failure.cause
        self._tell(group, [failures.explain(failure)] * len(group), [])

    def _tell(self, group: list[Job], outcomes: list[Outcome], published: list[object]) -> None:
        self._intake.written()
        self._on_loop(self._finish, group, outcomes, published)

    def _on_loop(self, call: Callable[..., None], *arguments: Any) -> None:
        assert self._loop is not None
        try:
            self._loop.call_soon_threadsafe(call, *arguments)
        except RuntimeError:
            log.warning("writer.loop_closed")

    def _commit(
        self, group: list[Job], *, wait: bool, is_repeated: bool
    ) -> tuple[list[Outcome], list[object]]:
        began = time.perf_counter()
        self._has_asked_to_commit = False
        try:
            connection = self._connect()
            begun = connection.begin()
        except Exception as error:
            raise _CannotBegin(error) from error
        with begun:
            if not self._database.is_sqlite:
                lock(connection, map(_rows_of, group), wait=wait)
            now = self._database.clock(connection)
            transaction = Transaction(connection, now, is_repeated=is_repeated)
            outcomes: list[Outcome] = [None] * len(group)
            batches: dict[BatchHandler, list[int]] = {}
            for position, job in enumerate(group):
                if job.batch is not None:
                    batches.setdefault(job.batch, []).append(position)
                    continue
                _run_batches(transaction, group, batches, outcomes)
                batches.clear()
                outcomes[position] = _run_single(transaction, job)
            _run_batches(transaction, group, batches, outcomes)
            self._has_asked_to_commit = not self._database.is_sqlite
        self._checkpoints.committed(len(group), self._intake.waiting)
        COMMIT_SECONDS.observe(time.perf_counter() - began)
        GROUP_SIZE.observe(len(group))
        return outcomes, transaction.published

    def _connect(self) -> sa.Connection:
        if self._connection is None:
            self._connection = self._database.writing_engine.connect()
            if not self._database.is_sqlite:
                refuse_dangers(self._connection)
        return self._connection

    def _disconnect(self) -> None:
        """The next group takes another connection."""
        held, self._connection = self._connection, None
        if held is not None:
            drop(held)

    def _finish(self, group: list[Job], outcomes: list[Outcome], published: list[object]) -> None:
        self._intake.answered(group)
        for job, outcome in zip(group, outcomes, strict=True):
            try:
                job.done(outcome)
            except Exception:
                log.exception("writer.answer_failed")
        if published:
            self._deliver(published)


def _rows_of(job: Job) -> Rows:
    return job.rows if job.batch is None else job.batch.rows(job.item)


def _run_batches(
    transaction: Transaction,
    group: list[Job],
    batches: dict[BatchHandler, list[int]],
    outcomes: list[Outcome],
) -> None:
    """Batched kinds (sends, read marks) commute with each other, but never pass a command that stands
    alone.
    """
    for handler, positions in batches.items():
        answers = handler(transaction, [group[position].item for position in positions])
        for position, answer in zip(positions, answers, strict=True):
            outcomes[position] = answer


def _run_single(transaction: Transaction, job: Job) -> Outcome:
    """A savepoint of its own makes each command atomic within its group."""
    assert job.work is not None
    published = len(transaction.published)
    transaction.connection.exec_driver_sql("SAVEPOINT command")
    try:
        outcome = job.work(transaction)
    except Refused as refused:
        transaction.connection.exec_driver_sql("ROLLBACK TO SAVEPOINT command")
        del transaction.published[published:]
        return refused
    transaction.connection.exec_driver_sql("RELEASE SAVEPOINT command")
    return outcome


def _settle(future: asyncio.Future[Any], outcome: Outcome) -> None:
    if future.done():
        return
    if isinstance(outcome, Refused):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)
