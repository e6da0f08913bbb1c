"""One connection from hello to close: it decodes what comes in, answers it, and queues what goes out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING

import msgspec
import structlog

from sendjay.actor import Actor
from sendjay.protocol.commands import Command, Hello, PlaceTake, Tick
from sendjay.protocol.errors import RETRYABLE, Close, Code, Refused
from sendjay.protocol.replies import ErrorReply, Refusal, Reply
from sendjay.realtime.allowance import Allowance
from sendjay.realtime.frames import text_frame
from sendjay.realtime.link import Link
from sendjay.realtime.measures import CLOSES, COMMANDS

if TYPE_CHECKING:
    from sendjay.protocol.objects import Wire
    from sendjay.realtime.dispatch import Dispatcher
    from sendjay.realtime.limits import ConnectionLimits
    from sendjay.realtime.seats import Seat

log = structlog.get_logger(__name__)
encode = msgspec.json.Encoder().encode


class Session:
    """A connection. `actor` is None until hello has succeeded; one that is greeted but not live is parked."""

    __slots__ = (
        "__weakref__",
        "_allowance",
        "_dispatcher",
        "_draining",
        "_forgiveness",
        "_held",
        "_limits",
        "_tasks",
        "actor",
        "closed",
        "connection_id",
        "cookies",
        "focus_told",
        "focused",
        "greeting",
        "heard",
        "is_live",
        "link",
        "on_lost",
        "open_rooms",
        "seat",
        "session_id",
        "ticked",
        "token_expires",
        "user_id",
        "watched",
    )  # fmt: skip

    def __init__(
        self,
        link: Link,
        dispatcher: Dispatcher,
        limits: ConnectionLimits,
        connection_id: str,
        cookies: str,
        on_lost: Callable[[Session, int], None],
    ) -> None:
        self.link = link
        self.connection_id = connection_id
        self.cookies: str | None = cookies
        """The handshake's Cookie header; let go after hello."""
        self.session_id = ""
        self.user_id = ""
        """Whose connection the hub takes this for; empty before hello and after the end."""
        self.actor: Actor | None = None
        """Set when hello has succeeded."""
        self.is_live = False
        """Hears and does everything; the hub says so."""
        self.seat: Seat | None = None
        """Where it shares one place with the person's others."""
        self.greeting: asyncio.TimerHandle | None = None
        self.token_expires = 0
        """Seconds since 1970; after it the client is told to refresh."""
        self.open_rooms: set[str] = _NO_ROOMS
        self.watched: frozenset[str] = frozenset()
        self.focused: frozenset[str] = frozenset()
        self.focus_told: frozenset[str] = frozenset()
        self.heard = True
        self.ticked = False
        self.closed = False
        self.on_lost = on_lost
        self._dispatcher = dispatcher
        self._limits = limits
        self._allowance = Allowance(limits.commands_per_second, limits.commands_burst)
        self._forgiveness: Allowance | None = None
        self._held: bytearray | None = None
        self._draining = 0
        self._tasks: set[asyncio.Task[None]] | None = None

    # What the link hands in

    def receive_text(self, payload: bytes, /) -> None:
        self.heard = True
        if self.closed:
            return
        try:
            command = self._dispatcher.decode(payload)
        except Refused as refused:
            COMMANDS.count("", str(refused.code))
            self.refuse(self._dispatcher.find_id(payload), refused)
            return
        if self.actor is None and type(command) is not Hello:
            self._dispatcher.refuse(self, command, Refused(Code.HELLO_FIRST))
        elif not self._allowance.take():
            self._dispatcher.refuse(self, command, Refused(Code.RATE_LIMITED, retry_after_ms=1000))
        elif not self.is_live and type(command) not in _WHILE_PARKED:
            self._dispatcher.refuse(self, command, Refused(Code.PARKED))
        else:
            self._dispatcher.handle(self, command)

    def link_lost(self, code: int, /) -> None:
        self.closed = True
        if self.greeting is not None:
            self.greeting.cancel()
        for task in tuple(self._tasks or ()):
            task.cancel()
        self.on_lost(self, code)

    # What goes out

    def push(self, frames: bytes) -> None:
        """Queue prebuilt frames; a reader who is too slow is closed and will sync."""
        if self._held is None:
            self.push_now(frames)
        elif not self.closed:
            self._hold(frames)

    def push_now(self, frames: bytes) -> None:
        """What is about the connection itself, and not of what the snapshot shows, waits for no snapshot."""
        if self.closed:
            return
        if self.link.send(frames):
            self._judge_speed(self.link.buffered())
        else:
            self._draining = 0

    def _judge_speed(self, waiting: int) -> None:
        """Too slow is who does not take events; an answer of any size may take its time to drain."""
        if waiting <= self._limits.send_queue_bytes:
            self._draining = 0
        elif waiting > self._limits.send_queue_bytes + self._draining:
            self.close(Close.TOO_SLOW, "too slow")

    def _push_answer(self, frames: bytes) -> None:
        if len(frames) > _LARGE and not self.closed:
            waiting = self.link.buffered()
            if waiting > self._limits.send_queue_bytes:
                # Asks for more than it reads: without this, answers would pile up without bound.
                self.close(Close.TOO_SLOW, "too slow")
                return
            self._draining = waiting + len(frames)
        self.push_now(frames)

    def answer(self, command: Command, outcome: object) -> None:
        """Answer with a result or a Refused."""
        if isinstance(outcome, Refused):
            self.refuse(command.id, outcome)
        else:
            self._push_answer(text_frame(encode(Reply(command.id, outcome))))  # pyright: ignore[reportArgumentType]

    def refuse(self, command_id: int | None, refused: Refused) -> None:
        """Answer with an error; a connection that does nothing but err is closed.

        Whoever was parked while they were speaking has made no error, nor who came when we are busy.
        """
        refusal = Refusal(
            str(refused.code), refused.message, refused.code in RETRYABLE, refused.retry_after_ms
        )
        self.push_now(text_frame(encode(ErrorReply(command_id, refusal))))
        if refused.code in (Code.PARKED, Code.BUSY):
            return
        if self._forgiveness is None:
            self._forgiveness = Allowance(0.5, self._limits.errors_burst)
        if not self._forgiveness.take():
            self.close(Close.NO_HELLO, "too many errors")

    def close(self, code: int, reason: str = "") -> None:
        if not self.closed:
            self.closed = True
            CLOSES.labels(str(int(code))).inc()
            self.link.close(code, reason)

    # Hello: what happens meanwhile waits behind its answer

    def hold(self) -> None:
        """Keep what comes until `release`: the snapshot goes first."""
        self._held = bytearray()

    def release(self, command: Command, answer: Wire) -> None:
        held, self._held = self._held or b"", None
        self._push_answer(text_frame(encode(Reply(command.id, answer))) + held)

    def stop_holding(self) -> None:
        """Let go of what was kept."""
        self._held = None

    def is_holding(self) -> bool:
        return self._held is not None

    def _hold(self, frames: bytes) -> None:
        assert self._held is not None
        self._held += frames
        if len(self._held) > self._limits.send_queue_bytes:
            self._held = None
            self.close(Close.TOO_SLOW, "too slow")

    def run(self, work: Coroutine[object, object, None]) -> None:
        """Run a handler that waits; only so many at once."""
        tasks = self._tasks
        if tasks is None:
            tasks = self._tasks = set()
        task = asyncio.ensure_future(work)
        tasks.add(task)
        task.add_done_callback(self._task_done)

    def is_crowded(self) -> bool:
        return self._tasks is not None and len(self._tasks) >= self._limits.commands_at_once

    def _task_done(self, task: asyncio.Task[None]) -> None:
        if self._tasks is not None:
            self._tasks.discard(task)
            if not self._tasks:
                self._tasks = None


_NO_ROOMS: set[str] = set()
_WHILE_PARKED = (Hello, Tick, PlaceTake)
_LARGE = 65_536
"""Bytes from which an answer is not taken for part of the queue of events."""
