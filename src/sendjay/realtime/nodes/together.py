"""Redis commands that are asked in one turn of the loop go out in one write, and in the order of asking."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import structlog

from sendjay.realtime.bus.bus import Argument, Bus, BusDown

log = structlog.get_logger(__name__)

AT_ONCE = 500
WAITING_MOST = 50_000
"""Beyond it, Redis counts as down: it does not keep up."""


class Together:
    """`stop` it before the bus."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._waiting: list[tuple[tuple[Argument, ...], Callable[[Any], None]]] = []
        self._asking: asyncio.Task[None] | None = None

    async def ask(self, *words: Argument) -> Any:
        """The raw answer. Raises BusDown."""
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

        def answered(answer: Any) -> None:
            if not future.done():
                future.set_result(answer)

        self.say(*words, then=answered)
        answer = await future
        if isinstance(answer, Exception):
            raise BusDown from answer
        return answer

    def say(self, *words: Argument, then: Callable[[Any], None]) -> None:
        """Then `then` is called with the answer, or with an exception."""
        if not self._bus.is_up or len(self._waiting) >= WAITING_MOST:
            asyncio.get_running_loop().call_soon(then, BusDown())
            return
        self._waiting.append((words, then))
        if self._asking is None or self._asking.done():
            self._asking = asyncio.get_running_loop().create_task(self._ask_all())

    async def stop(self) -> None:
        """What was said is said first, if Redis takes it."""
        if self._asking is not None:
            await asyncio.wait([self._asking])

    async def _ask_all(self) -> None:
        while self._waiting:
            due, self._waiting = self._waiting[:AT_ONCE], self._waiting[AT_ONCE:]
            try:
                answers = await self._bus.ask_all([words for words, _ in due])
            except Exception as error:
                if not isinstance(error, BusDown):
                    log.exception("together.failed")
                answers = [error] * len(due)
            for (_, then), answer in zip(due, answers, strict=True):
                try:
                    then(answer)
                except Exception:
                    # Those behind it wait for their answers.
                    log.exception("together.hearer_failed")
