"""A worker's line to its supervisor: it says that it is alive, and does what it is told."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import Protocol

import structlog

from sendjay.workers.figures import merge
from sendjay.workers.words import (
    LINE_BYTES,
    AllFigures,
    Beat,
    FromWorker,
    MyFigures,
    Ready,
    Retire,
    Stop,
    TellFigures,
    ToWorker,
    WantFigures,
    line,
    words,
)

log = structlog.get_logger(__name__)

BEAT_SECONDS = 5.0
FIGURES_SECONDS = 3.0


class Serving(Protocol):
    """The server that this worker runs."""

    def retire(self) -> None:
        """Close the listeners; who is there stays."""
        ...

    def stop(self, *, notice: bool = False) -> None: ...


class Lifeline:
    """`end`: this process's end of a pair of sockets. All but the making happens on the event loop."""

    def __init__(self, end: socket.socket, own_figures: Callable[[], str]) -> None:
        self._end = end
        self._own_figures = own_figures
        self._out: asyncio.StreamWriter | None = None
        self._asked: list[asyncio.Future[dict[int, str]]] = []
        self._tasks: list[asyncio.Task[None]] = []

    def begin(self, server: Serving) -> None:
        """Say that it is ready, and obey from now on."""
        self._tasks.append(asyncio.ensure_future(self._serve(server)))

    async def figures(self) -> str:
        """Those of all workers; where the supervisor does not answer, this one's alone."""
        future: asyncio.Future[dict[int, str]] = asyncio.get_running_loop().create_future()
        self._asked.append(future)
        self._say(WantFigures())
        try:
            return merge(await asyncio.wait_for(future, FIGURES_SECONDS))
        except TimeoutError:
            return self._own_figures()

    async def _serve(self, server: Serving) -> None:
        reader, self._out = await asyncio.open_connection(sock=self._end, limit=LINE_BYTES)
        self._say(Ready())
        self._tasks.append(asyncio.ensure_future(self._beat()))
        async for word in words(reader, ToWorker):
            self._do(word, server)
        # Nobody sees to this worker any more, and nobody would ever stop it.
        log.error("worker.supervisor_gone")
        server.stop()

    def _do(self, word: ToWorker, server: Serving) -> None:
        match word:
            case Retire():
                server.retire()
            case Stop(notice):
                server.stop(notice=notice)
            case TellFigures():
                self._say(MyFigures(self._own_figures()))
            case AllFigures(texts):
                asked, self._asked = self._asked, []
                for future in asked:
                    if not future.done():
                        future.set_result(texts)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            self._say(Beat())

    def _say(self, word: FromWorker) -> None:
        if self._out is not None and not self._out.is_closing():
            self._out.write(line(word))
