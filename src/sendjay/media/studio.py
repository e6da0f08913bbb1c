"""The worker process as the server sees it: started when first needed, killed when it takes too long."""

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess
import sys
import time
from typing import Any, Literal

import structlog
from prometheus_client import Counter, Histogram

SECONDS_MOST = 12.0
"""For one file; a decoder that needs longer is stuck, or was made to be."""
WAITING_MOST = 32
WAITING_SECONDS = 10.0
"""Who waits longer goes without: an upload is not to hang because others are large."""
TASKS_OF_ONE = 200
"""Decoders leak: then another process goes on."""

Task = Literal["picture", "video", "photo", "card"]

DONE = Counter("sendjay_media", "Pictures and videos that were looked at", ["task", "result"])
SECONDS = Histogram("sendjay_media_seconds", "How long looking at a picture or video took")
log = structlog.get_logger(__name__)


class Studio:
    """One worker, one task at a time. Everything is awaited; nothing of it runs in this process."""

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(1)
        self._waiting = 0
        self._worker: asyncio.subprocess.Process | None = None
        self._tasks = 0

    async def do(self, task: Task, source: str, target: str) -> dict[str, Any] | None:
        """What was found; None where it cannot be decoded, or there is too much to do at the moment."""
        if self._waiting >= WAITING_MOST:
            DONE.labels(task, "busy").inc()
            return None
        self._waiting += 1
        try:
            async with asyncio.timeout(WAITING_SECONDS):
                await self._turn.acquire()
        except TimeoutError:
            DONE.labels(task, "busy").inc()
            return None
        finally:
            self._waiting -= 1
        try:
            began = time.perf_counter()
            told = await self._ask(task, source, target)
            SECONDS.observe(time.perf_counter() - began)
        finally:
            self._turn.release()
        DONE.labels(task, "done" if told else "unfit").inc()
        return told or None

    async def stop(self) -> None:
        worker, self._worker = self._worker, None
        if worker is not None and worker.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                worker.kill()
            await worker.wait()

    async def _ask(self, task: Task, source: str, target: str) -> dict[str, Any]:
        try:
            async with asyncio.timeout(SECONDS_MOST):
                worker = await self._running()
                assert worker.stdin is not None
                assert worker.stdout is not None
                asked = json.dumps({"task": task, "source": source, "target": target})
                worker.stdin.write(asked.encode() + b"\n")
                await worker.stdin.drain()
                told = json.loads(await worker.stdout.readline())
        except (TimeoutError, OSError, ValueError) as error:
            log.warning("media.worker_failed", task=task, error=type(error).__name__)
            await self.stop()
            return {}
        except asyncio.CancelledError:
            # Its answer would be taken for that of the next task.
            await self.stop()
            raise
        if told.get("error"):
            log.info("media.not_decoded", task=task, error=told["error"])
            return {}
        return told

    async def _running(self) -> asyncio.subprocess.Process:
        self._tasks += 1
        if self._tasks > TASKS_OF_ONE:
            await self.stop()
        if self._worker is None or self._worker.returncode is not None:
            self._tasks = 1
            self._worker = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "sendjay.media.worker",
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                # Nothing of what the server was started with: settings may hold secrets.
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "2"},
                close_fds=True,
            )  # fmt: skip
        return self._worker
