"""Starts workers, follows each that dies with another one, replaces all of them, and stops them in order.

It serves nobody and opens no database: it cannot be slow, and hardly fail.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import time
from collections.abc import Callable, Coroutine, Sequence

import structlog

from sendjay.workers.process import WorkerProcess
from sendjay.workers.slots import Slot
from sendjay.workers.words import AllFigures, Retire, Stop

log = structlog.get_logger(__name__)

STOP_SECONDS = 25.0
"""After the notice: connections, the commands that are being written, and the last commit."""
LOOK_SECONDS = 5.0
SILENT_LOOKS = 12
"""Looks without a word from a worker after which its event loop is taken to be stuck: about a minute."""
GOOD_SECONDS = 60.0
LONGEST_WAIT_SECONDS = 30.0


class Supervisor:
    """`command` runs one worker; `control` is the command line's socket, which all of them answer."""

    def __init__(
        self, command: Sequence[str], slots: Sequence[Slot], control: socket.socket, notice_seconds: float
    ) -> None:
        self._command = command
        self._slots = slots
        self._control = control
        self._notice_seconds = notice_seconds
        self._all: set[WorkerProcess] = set()
        self._stopping = asyncio.Event()
        self._replacing = asyncio.Lock()
        self._wants_anew = False
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self, ready: Callable[[int], None]) -> int:
        """Until SIGTERM or SIGINT; the exit code. `ready` is told the port when all serve."""
        self._listen_to_signals()
        first, *others = self._slots
        # Alone: it brings the schema up to date, and says what is wrong where it cannot begin.
        if not await self._occupy(first):
            assert first.worker is not None
            return abs(first.worker.exited.result()) or 1
        await asyncio.gather(*(self._occupy(slot) for slot in others))
        if not self._stopping.is_set():
            for slot in self._slots:
                self._begin(self._keep(slot))
            self._begin(self._watch())
            ready(first.port)
            await self._stopping.wait()
        await self._end_all()
        return 0

    # Signals

    def _listen_to_signals(self) -> None:
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, self._stop, True)
        loop.add_signal_handler(signal.SIGINT, self._stop, False)
        # At a terminal, SIGHUP says that it is gone.
        if os.isatty(0):
            loop.add_signal_handler(signal.SIGHUP, self._stop, False)
        else:
            loop.add_signal_handler(signal.SIGHUP, lambda: self._begin(self._replace_all()))

    def _stop(self, notice: bool) -> None:
        for worker in self._all:
            worker.say(Stop(notice and not self._stopping.is_set()))
        # Whoever comes once no worker listens any more is to be refused, not kept waiting.
        for slot in self._slots:
            slot.listener.close()
        self._stopping.set()

    def _begin(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # One worker

    async def _start(self, slot: Slot) -> WorkerProcess:
        worker = await WorkerProcess.start(
            slot.number, self._command, slot.listener, self._control, self._tell_figures
        )
        self._all.add(worker)
        if self._stopping.is_set():
            worker.say(Stop())
        worker.exited.add_done_callback(lambda _: self._all.discard(worker))
        return worker

    async def _occupy(self, slot: Slot) -> bool:
        slot.worker = await self._start(slot)
        return await slot.worker.ready()

    async def _keep(self, slot: Slot) -> None:
        """Whoever dies is followed by another one, at once the first time, then later and later."""
        failures = 0
        while not self._stopping.is_set():
            worker = slot.worker
            assert worker is not None
            await worker.exited
            if self._stopping.is_set() or slot.worker is not worker:
                continue
            failures = 0 if time.monotonic() - worker.began > GOOD_SECONDS else failures + 1
            wait = min(LONGEST_WAIT_SECONDS, 0.5 * 2**failures) if failures > 1 else 0.0
            log.error("worker.died", worker=slot.number, why=worker.why_it_ended(), next_in_seconds=wait)
            if not worker.is_ready:
                slot.renew()
            if await self._is_stopped_within(wait):
                return
            async with self._replacing:
                if self._stopping.is_set():
                    return
                if slot.worker is worker and await self._occupy(slot):
                    log.warning("worker.back", worker=slot.number)

    async def _is_stopped_within(self, seconds: float) -> bool:
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def _watch(self) -> None:
        """A worker whose event loop is stuck serves nobody, and would stay so."""
        while not await self._is_stopped_within(LOOK_SECONDS):
            for worker in tuple(self._all):
                worker.silent += 1
                if worker.is_ready and worker.silent > SILENT_LOOKS:
                    log.error("worker.stuck", worker=worker.number)
                    worker.kill()

    # All of them

    async def _replace_all(self) -> None:
        """First every place gets a new worker, then the old ones leave, one after another.

        So whoever has to leave finds new ones only, spreads evenly over them, and has to leave but once.
        """
        if self._replacing.locked():
            self._wants_anew = True
            return
        async with self._replacing:
            self._wants_anew = False
            log.warning("workers.replacing")
            former: list[WorkerProcess] = []
            for slot in self._slots:
                if self._stopping.is_set():
                    return
                worker = await self._start(slot)
                if not await worker.ready():
                    log.error("workers.not_replaced", worker=slot.number, why=worker.why_it_ended())
                    break
                old, slot.worker = slot.worker, worker
                if old is not None:
                    old.say(Retire())
                    former.append(old)
            for old in former:
                old.say(Stop())
                await self._end(old, STOP_SECONDS)
            log.warning("workers.replaced", workers=len(former))
        if self._wants_anew:
            await self._replace_all()

    async def _end_all(self) -> None:
        bound = self._notice_seconds + STOP_SECONDS
        await asyncio.gather(*(self._end(worker, bound) for worker in tuple(self._all)))

    async def _end(self, worker: WorkerProcess, seconds: float) -> None:
        if not await worker.end_within(seconds):
            log.error("worker.killed", worker=worker.number, after_seconds=seconds)

    # Figures

    def _tell_figures(self, asking: WorkerProcess) -> None:
        self._begin(self._gather_figures(asking))

    async def _gather_figures(self, asking: WorkerProcess) -> None:
        """Where an old and a new worker share a place, the new one's are told."""
        workers = [slot.worker for slot in self._slots if slot.worker is not None]
        texts = await asyncio.gather(*(worker.figures() for worker in workers))
        found = {worker.number: text for worker, text in zip(workers, texts, strict=True) if text is not None}
        asking.say(AllFigures(found))
