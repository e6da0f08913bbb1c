"""One worker, as its supervisor sees it."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import time
from collections.abc import Callable, Sequence

from sendjay.workers.words import (
    LINE_BYTES,
    Beat,
    FromWorker,
    MyFigures,
    Ready,
    TellFigures,
    ToWorker,
    WantFigures,
    line,
    words,
)

START_SECONDS = 90.0
FIGURES_SECONDS = 2.0


class WorkerProcess:
    """A process and the line to it. Made by `start`."""

    def __init__(
        self,
        number: int,
        process: asyncio.subprocess.Process,
        out: asyncio.StreamWriter,
        when_figures_wanted: Callable[[WorkerProcess], None],
    ) -> None:
        self.number = number
        self.silent = 0
        """How often in a row it was looked at and had said nothing since."""
        self.is_ready = False
        self.began = time.monotonic()
        self._process = process
        self._out = out
        self._when_figures_wanted = when_figures_wanted
        self._ready = asyncio.Event()
        self._figures: list[asyncio.Future[str]] = []
        self.exited = asyncio.ensure_future(process.wait())
        """Its exit code; the negative number of a signal."""

    @classmethod
    async def start(
        cls,
        number: int,
        command: Sequence[str],
        listener: socket.socket,
        control: socket.socket,
        when_figures_wanted: Callable[[WorkerProcess], None],
    ) -> WorkerProcess:
        """`command` is given the numbers of its sockets and of its place."""
        ours, theirs = socket.socketpair()
        sockets = {"--listener": listener, "--control": control, "--lifeline": theirs}
        numbers = [word for name, end in sockets.items() for word in (name, str(end.fileno()))]
        with theirs:
            process = await asyncio.create_subprocess_exec(
                *command,
                *numbers,
                "--number",
                str(number),
                stdin=asyncio.subprocess.DEVNULL,
                pass_fds=[end.fileno() for end in sockets.values()],
                # Ctrl+C at a terminal is for the supervisor to pass on, once.
                start_new_session=True,
            )
        reader, out = await asyncio.open_connection(sock=ours, limit=LINE_BYTES)
        worker = cls(number, process, out, when_figures_wanted)
        worker._listening = asyncio.ensure_future(worker._listen(reader))
        return worker

    async def ready(self) -> bool:
        """True once it serves; False when it has ended before, or needs too long and is ended."""
        ready = asyncio.ensure_future(self._ready.wait())
        await asyncio.wait((ready, self.exited), timeout=START_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        if not self._ready.is_set():
            self.kill()
            await self.exited
        return self.is_ready and not self.exited.done()

    def say(self, word: ToWorker) -> None:
        if not self._out.is_closing():
            self._out.write(line(word))

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    async def end_within(self, seconds: float) -> bool:
        """False where it had to be killed."""
        done, _ = await asyncio.wait((self.exited,), timeout=seconds)
        if not done:
            self.kill()
            await self.exited
        return bool(done)

    async def figures(self) -> str | None:
        """None where it does not answer."""
        future: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._figures.append(future)
        self.say(TellFigures())
        try:
            return await asyncio.wait_for(future, FIGURES_SECONDS)
        except TimeoutError:
            return None

    def why_it_ended(self) -> str:
        code = self.exited.result()
        if code == -signal.SIGKILL:
            return "killed (SIGKILL); the kernel does that when memory runs out"
        return f"ended by {signal.Signals(-code).name}" if code < 0 else f"ended with {code}"

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        async for word in words(reader, FromWorker):
            self.silent = 0
            self._hear(word)
        self._out.close()

    def _hear(self, word: FromWorker) -> None:
        match word:
            case Ready():
                self.is_ready = True
                self._ready.set()
            case Beat():
                pass
            case MyFigures(text):
                asked, self._figures = self._figures, []
                for future in asked:
                    if not future.done():
                        future.set_result(text)
            case WantFigures():
                self._when_figures_wanted(self)

    _listening: asyncio.Task[None]
