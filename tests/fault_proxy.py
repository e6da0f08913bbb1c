"""A TCP proxy between clients and a server with all that networks do to lines: it cuts, delays, falls silent,
swallows one direction, breaks off in the middle of a frame, and knows no WebSocket. Nothing is reordered.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from types import TracebackType

from tests.fault_line import Faults, Line, Towards, Upgrades


class FaultProxy:
    """Listens on a free port and passes everything to `target`; runs on a thread of its own.

    Its faults hold until `mend`, for the lines that are open and for new ones. Every method may be called
    from any thread, and what it says is so when it returns.
    """

    def __init__(self, target: int) -> None:
        self.target = target
        """The server's port; may be changed when the server comes back on another one."""
        self.port = 0
        self._is_cut = False
        self._faults = Faults()
        self._faults.flowing.set()
        self._lines: set[Line] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def __enter__(self) -> FaultProxy:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    # Faults

    @property
    def lines(self) -> int:
        """How many clients are connected at this moment, whatever reaches them."""
        return len(self._lines)

    def cut(self) -> None:
        """Every open line breaks, and no new one comes about."""

        def cut() -> None:
            self._is_cut = True
            self._break(*self._lines)

        self._do(cut)

    def break_lines(self) -> None:
        """Every open line breaks; new ones are as good as the other faults let them be."""
        self._do(lambda: self._break(*self._lines))

    def drop(self) -> None:
        """Silence: lines stay open and new ones are taken, but nothing passes, either way.

        What is said meanwhile comes after `mend`, as on a radio link that was out of reach.
        """
        self._do(self._faults.flowing.clear)

    def half_open(self, vanishing: Towards = "client") -> None:
        """What is on its way there vanishes, the end of the line too; the other direction passes.

        Lines that have lost something break at `mend`.
        """
        self._set(vanishing=frozenset({vanishing}))

    def delay(self, seconds: float) -> None:
        """What is said from now on takes so much longer, each way."""
        self._set(delay=seconds)

    def cut_mid_frame(self, after: int, of: bytes = b"") -> None:
        """So many bytes more towards clients, then the line that carries the last of them breaks, once.

        `of`: they are counted from where these stand first in what comes from now on.
        """
        self._set(left_to_client=after, awaited=of)

    def refuse_websockets(self, how: Upgrades = "refuse") -> None:
        """New connections that ask for an upgrade get a 403, are closed, or never get an answer; plain HTTP
        passes. Open ones live on: see `break_lines`.
        """
        self._set(upgrades=how)

    def mend(self) -> None:
        """Everything is well again."""

        def mend() -> None:
            self._is_cut = False
            self._faults.delay, self._faults.left_to_client, self._faults.awaited = 0.0, None, b""
            self._faults.vanishing, self._faults.upgrades = frozenset(), "pass"
            self._break(*(line for line in self._lines if line.has_lost_bytes))
            self._faults.flowing.set()

        self._do(mend)

    # On the proxy's own thread

    def _set(self, **faults: object) -> None:
        def change() -> None:
            for name, value in faults.items():
                setattr(self._faults, name, value)

        self._do(change)

    def _do(self, change: Callable[[], None]) -> None:
        async def work() -> None:
            change()
            # Lines that were aborted are told so in the next turn.
            await asyncio.sleep(0.05)

        asyncio.run_coroutine_threadsafe(work(), self._loop).result(10)

    def _break(self, *lines: Line) -> None:
        for line in lines:
            line.abort()

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        assert self._server is not None
        self._server.close()
        self._break(*self._lines)
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        line = Line(self._faults, reader, writer)
        self._lines.add(line)
        try:
            if not self._is_cut:
                await line.run(lambda: self.target)
        finally:
            line.abort()
            self._lines.discard(line)
            self._tasks.discard(task)
