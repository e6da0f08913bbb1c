"""Threads that wait for disks, apart from those that wait for the database."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

Given = ParamSpec("Given")
Result = TypeVar("Result")
THREADS = 8


class FileThreads:
    """What is done one after the other stays so: who is cancelled still waits for the work that has begun."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="files")

    async def run(self, work: Callable[Given, Result], *given: Given.args, **named: Given.kwargs) -> Result:
        done = asyncio.wrap_future(self._threads.submit(work, *given, **named))
        try:
            return await asyncio.shield(done)
        except asyncio.CancelledError:
            while not done.done():
                with contextlib.suppress(asyncio.CancelledError):
                    await asyncio.wait([done])
            raise

    def close(self) -> None:
        self._threads.shutdown(wait=True, cancel_futures=True)
