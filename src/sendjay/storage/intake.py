"""What waits for the writer: let in while it can be written soon, and taken fairly.

The event loop puts, the writer's thread takes. A lane is what must keep its order (a room; the personal
things of somebody): when more waits than one group holds, the lanes take turns, so that a flood in one of
them is written at the pace that the others leave it.
"""

from __future__ import annotations

import queue
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sendjay.protocol.errors import Code, Refused
from sendjay.storage.lanes import Lanes
from sendjay.storage.locks import NO_ROWS, Rows
from sendjay.storage.measures import REFUSALS, WRITER_QUEUE, WRITER_QUEUE_BYTES
from sendjay.storage.transaction import Transaction

Outcome = object
"""A command's result, or the Refused that says why not."""
JOB_BYTES = 1_000
"""What a waiting command costs beside its text: the job, its request, whoever is to be answered."""


class BatchHandler(Protocol):
    """Writes many commands of one kind at once."""

    def rows(self, item: Any, /) -> Rows:
        """What this command changes."""
        ...

    def __call__(self, tx: Transaction, items: Sequence[Any], /) -> Sequence[Outcome]:
        """Answers each with its result or with a Refused, and raises for none of them."""
        ...


@dataclass(frozen=True, slots=True)
class WriterLimits:
    """What may wait, and for how long, before senders hear `busy`."""

    jobs: int = 20_000
    size: int = 33_554_432
    """Bytes."""
    seconds: float = 2.0
    """Who would wait longer is sent away at once."""
    group: int = 512
    """Commands in one commit."""

    @property
    def of_one_lane(self) -> int:
        """Of one lane in one group: all that wait for the next one wait for this one to be written."""
        return max(8, self.group // 8)

    @property
    def jobs_of_lane(self) -> int:
        return max(1, self.jobs // 4)

    @property
    def jobs_of_person(self) -> int:
        return max(1, self.jobs // 50)


class Job:
    """One command on its way."""

    __slots__ = ("batch", "done", "item", "lane", "person", "rows", "size", "work")

    def __init__(
        self,
        done: Callable[[Outcome], None],
        *,
        work: Callable[[Transaction], object] | None = None,
        batch: BatchHandler | None = None,
        item: object = None,
        lane: str = "",
        person: str = "",
        size: int = 0,
        rows: Rows = NO_ROWS,
    ) -> None:
        self.done = done
        self.rows = rows
        self.work = work
        self.batch = batch
        self.item = item
        self.lane = lane
        self.person = person
        self.size = size + JOB_BYTES


class Intake:
    """Bounded in number, in bytes and in time; in all, for each lane and for each person."""

    def __init__(self, limits: WriterLimits) -> None:
        self.limits = limits
        self.waiting = 0
        """Commands handed in and not yet answered."""
        self.size = 0
        """Bytes of them."""
        self._of_lane: dict[str, int] = {}
        self._of_person: dict[str, int] = {}
        self._queue: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._lanes: Lanes[Job] = Lanes()
        self._is_closed = False
        self._busy_since = 0.0
        """Since when the thread writes its present group, by `time.monotonic`; 0: it waits for work."""
        self._group_seconds = 0.0
        """How long groups take lately."""
        WRITER_QUEUE.set_function(lambda: self.waiting)
        WRITER_QUEUE_BYTES.set_function(lambda: self.size)

    # On the event loop

    def put(self, job: Job) -> None:
        """Raises Refused (BUSY or RATE_LIMITED, with when to come back)."""
        reason = self._why_not(job)
        if reason:
            REFUSALS.labels(reason).inc()
            code = Code.RATE_LIMITED if reason == "writer_person" else Code.BUSY
            raise Refused(code, retry_after_ms=self._come_back_ms())
        self.waiting += 1
        self.size += job.size
        if job.lane:
            self._of_lane[job.lane] = self._of_lane.get(job.lane, 0) + 1
        if job.person:
            self._of_person[job.person] = self._of_person.get(job.person, 0) + 1
        self._queue.put(job)

    def answered(self, group: Sequence[Job]) -> None:
        """These wait no more."""
        self.waiting -= len(group)
        for job in group:
            self.size -= job.size
            if job.lane:
                _count_down(self._of_lane, job.lane)
            if job.person:
                _count_down(self._of_person, job.person)

    def close(self) -> None:
        """What waits is still given out; after it, `take` gives nothing."""
        self._queue.put(None)

    def _why_not(self, job: Job) -> str:
        limits = self.limits
        since = self._busy_since
        if since:
            # Behind the group at work, and behind those groups that are full already.
            full_groups = self.waiting // limits.group
            in_lane = self._of_lane.get(job.lane, 0) // limits.of_one_lane
            wait = max(full_groups, in_lane) * self._group_seconds
            if max(wait, time.monotonic() - since) > limits.seconds:
                return "writer_slow"
        if self.waiting >= limits.jobs:
            return "writer_full"
        if self.waiting and self.size + job.size > limits.size:
            return "writer_bytes"
        if self._of_lane.get(job.lane, 0) >= limits.jobs_of_lane:
            return "writer_room"
        if self._of_person.get(job.person, 0) >= limits.jobs_of_person:
            return "writer_person"
        return ""

    def _come_back_ms(self) -> int:
        """When what waits will be written, as far as known; spread, so that not all come back at once."""
        groups = 1 + self.waiting // self.limits.group
        stalled = time.monotonic() - self._busy_since if self._busy_since else 0.0
        seconds = min(30.0, max(0.5, stalled, groups * self._group_seconds))
        return int(1000 * seconds * random.uniform(1.0, 2.0))

    # On the writer's thread

    def take(self) -> list[Job]:
        """The next group; waits for one. Empty: nothing comes any more."""
        self._busy_since = 0.0
        came = self._collect(may_wait=not self._lanes)
        # So few are one group, whosever they are.
        if self._lanes or len(came) > self.limits.of_one_lane:
            for job in came:
                self._lanes.put(job.lane, job)
            came = self._lanes.take(self.limits.group, self.limits.of_one_lane)
        self._busy_since = time.monotonic()
        return came

    def take_rest(self) -> list[Job]:
        """All that waits."""
        for job in self._collect(may_wait=False):
            self._lanes.put(job.lane, job)
        return self._lanes.take(self.waiting, self.waiting)

    def written(self) -> None:
        """The group is done with, before anybody is told: who goes on at once meets no stale clock."""
        now = time.monotonic()
        self._group_seconds += (now - self._busy_since - self._group_seconds) / 4
        self._busy_since = now

    def _collect(self, *, may_wait: bool) -> list[Job]:
        """All that has come; it may wait for the first."""
        came: list[Job] = []
        while not self._is_closed:
            try:
                job = self._queue.get(block=may_wait)
            except queue.Empty:
                break
            may_wait = False
            if job is None:
                self._is_closed = True
            else:
                came.append(job)
        return came


def _count_down(counts: dict[str, int], key: str) -> None:
    left = counts[key] - 1
    if left:
        counts[key] = left
    else:
        del counts[key]
