"""The bus over Redis publish/subscribe: two lines, one to speak and one to hear, and a probe between them.

What is said in one turn of the loop leaves in one write. Redis is asked for no answer to what is
published; that it works is seen by the probe, which this node says once a second and hears again. When it
is missed, both lines are given up and opened anew, whatever was the matter.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import random
import secrets
import time
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from typing import Any, Literal

import structlog

from sendjay.realtime.bus.address import RedisAddress, RedisDoor
from sendjay.realtime.bus.asking import ask, ask_all
from sendjay.realtime.bus.bus import ALL_NODES, Argument, BusDown, Hear
from sendjay.realtime.bus.channels import Channels
from sendjay.realtime.bus.measures import (
    BUS_BREAKS,
    BUS_DROPPED,
    BUS_HEARD,
    BUS_LAG,
    BUS_SAID,
    BUS_UP,
)
from sendjay.realtime.bus.words import command, probe, probed_at

log = structlog.get_logger(__name__)

PROBE_SECONDS = 1.0
MISSED_SECONDS = 2.5
"""Without hearing anything for so long, a node takes its lines for dead."""
DEAF_SECONDS = 8.0
"""So long it may not hear itself while it hears others: its own words may stand far back in a long queue."""
FIRST_PAUSE = 0.1
LONGEST_PAUSE = 2.0
START_SECONDS = 3.0
STOP_SECONDS = 1.0
QUEUE_BYTES = 16 * 1024 * 1024
"""What may wait for Redis to take it."""


class RedisBus:
    """One node's end of the bus."""

    is_distributed: Literal[True] = True

    def __init__(self, address: RedisAddress) -> None:
        self.node = secrets.token_urlsafe(6)
        self._mark = self.node.encode()
        self._address = address
        self._door: RedisDoor | None = None
        self._prefix = b""
        self._hearers: dict[str, Hear] = {}
        self._hooks: list[Callable[[bool], None]] = []
        self._up = False
        self._stopping = False
        self._has_said_why = False
        self._first_time_up = asyncio.Event()
        self._living: asyncio.Task[None] | None = None
        self._outgoing: list[bytes] = []
        self._outgoing_bytes = 0
        self._has_outgoing = asyncio.Event()
        self._channels = Channels((self._own_channel(), ALL_NODES))
        self._heard = 0.0
        self._heard_itself = 0.0
        self._goodbye = math.inf
        self._all_said = asyncio.Event()

    @property
    def is_up(self) -> bool:
        return self._up

    # Life

    async def start(self, prefix: str) -> None:
        self._prefix = prefix.encode() + b":"
        self._door = RedisDoor(self._address)
        self._living = asyncio.create_task(self._live(), name="bus")
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(START_SECONDS):
                await self._first_time_up.wait()

    async def stop(self) -> None:
        if self._living is None or self._door is None:
            return
        await self._say_all()
        self._stopping = True
        self._living.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._living
        await self._door.close()

    async def _say_all(self) -> None:
        """All that was published has reached Redis once a word behind it has come back."""
        if self._up:
            self._goodbye = time.monotonic()
            self._say(self._said(self._own_channel(), probe()))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(STOP_SECONDS):
                    await self._all_said.wait()

    async def _live(self) -> None:
        pause = FIRST_PAUSE
        # Asked each time: a task group whose member fails in the very moment forgets that it was cancelled.
        while not self._stopping:
            try:
                async with self._two_lines() as (speaking, hearing):
                    pause = FIRST_PAUSE
                    await self._use(speaking, hearing)
            except Exception as error:
                self._say_why(error)
            finally:
                self._go_down()
            # Spread: all nodes lose Redis at the same moment.
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))
            pause = min(pause * 2, LONGEST_PAUSE)

    def _say_why(self, error: Exception) -> None:
        """Once for each time that it is down."""
        if not self._has_said_why:
            self._has_said_why = True
            reason = error.exceptions[0] if isinstance(error, ExceptionGroup) else error
            log.warning("bus.down", error=type(reason).__name__, detail=str(reason))

    @contextlib.asynccontextmanager
    async def _two_lines(self) -> AsyncGenerator[tuple[Any, Any]]:
        assert self._door is not None
        async with contextlib.AsyncExitStack() as stack:
            async with asyncio.timeout(2 * MISSED_SECONDS):
                speaking = await self._door.open_line()
                stack.push_async_callback(_hang_up, speaking)
                hearing = await self._door.open_line()
                stack.push_async_callback(_hang_up, hearing)
                # Said once with an answer: what Redis refuses is told then, and not only missed.
                await _send(speaking, self._said(self._own_channel(), probe()))
                await speaking.read_response(timeout=MISSED_SECONDS)
                await _send(speaking, command(b"CLIENT", b"REPLY", b"OFF"))
            yield speaking, hearing

    async def _use(self, speaking: Any, hearing: Any) -> None:
        self._heard = self._heard_itself = time.monotonic()
        self._channels.want_all()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._listen(hearing))
            tasks.create_task(self._ask_for_channels(hearing))
            tasks.create_task(self._speak(speaking))
            tasks.create_task(self._come_up())
            tasks.create_task(self._probe())

    async def _come_up(self) -> None:
        if await self._channels.settle():
            self._up, self._has_said_why = True, False
            BUS_UP.set(1)
            self._first_time_up.set()
            log.info("bus.up", channels=len(self._channels))
            self._tell_hooks(True)

    def _go_down(self) -> None:
        was_up, self._up = self._up, False
        self._outgoing.clear()
        self._outgoing_bytes = 0
        self._channels.line_lost()
        if was_up:
            BUS_UP.set(0)
            BUS_BREAKS.inc()
            self._tell_hooks(False)

    def _tell_hooks(self, is_up: bool) -> None:
        for hook in self._hooks:
            try:
                hook(is_up)
            except Exception:
                log.exception("bus.hook_failed")

    # Speaking

    def publish(self, channel: str, payload: bytes) -> None:
        if not self._up:
            BUS_DROPPED.labels("down").inc()
        elif self._outgoing_bytes > QUEUE_BYTES:
            BUS_DROPPED.labels("full").inc()
        else:
            BUS_SAID.inc()
            self._say(self._said(channel, payload))

    def _said(self, channel: str, payload: bytes) -> bytes:
        return command(b"PUBLISH", self._prefix + channel.encode(), self._mark + payload)

    def _say(self, packed: bytes) -> None:
        self._outgoing.append(packed)
        self._outgoing_bytes += len(packed)
        self._has_outgoing.set()

    async def _speak(self, line: Any) -> None:
        while True:
            await self._has_outgoing.wait()
            self._has_outgoing.clear()
            while self._outgoing:
                due, self._outgoing = self._outgoing, []
                self._outgoing_bytes = 0
                await _send(line, b"".join(due))

    async def _probe(self) -> None:
        while True:
            self._say(self._said(self._own_channel(), probe()))
            began = time.monotonic()
            await asyncio.sleep(PROBE_SECONDS)
            now = time.monotonic()
            if now - began > 2 * PROBE_SECONDS:
                continue  # this process itself was held up: what has come meanwhile is still to be heard
            if now - self._heard > MISSED_SECONDS or now - self._heard_itself > DEAF_SECONDS:
                raise TimeoutError("what this node says does not come back to it")

    # Hearing

    def on(self, letter: str, hear: Hear) -> None:
        self._hearers[letter] = hear

    def when_changed(self, hook: Callable[[bool], None]) -> None:
        self._hooks.append(hook)

    def subscribe(self, channels: Iterable[str]) -> None:
        self._channels.want(channels)

    def unsubscribe(self, channels: Iterable[str]) -> None:
        self._channels.leave(channels)

    async def settled(self) -> bool:
        return await self._channels.settle() if self._up else False

    async def _ask_for_channels(self, line: Any) -> None:
        while True:
            if commands := await self._channels.next_commands(self._prefix):
                await _send(line, commands)

    async def _listen(self, line: Any) -> None:
        skip = len(self._prefix)
        while True:
            said = await line.read_response(disable_decoding=True, timeout=math.inf)
            if said[0] == b"message":
                self._hear(said[1][skip:].decode(), said[2])
            elif said[0] == b"pong":
                self._channels.settled(said[1])

    def _hear(self, channel: str, said: bytes) -> None:
        mark = len(self._mark)
        self._heard = time.monotonic()
        if said[:mark] == self._mark:
            if channel[:2] == "n:" and (at := probed_at(said[mark:])) is not None:
                self._heard_itself = time.monotonic()
                if at >= self._goodbye:
                    self._all_said.set()
                BUS_LAG.observe(max(0.0, self._heard_itself - at))
            return
        BUS_HEARD.inc()
        hear = self._hearers.get(channel[0])
        if hear is not None:
            try:
                hear(channel[2:], said[mark:])
            except Exception:
                # One bad word from another version must not cut this node off.
                log.exception("bus.hearing_failed", channel=channel[:2])

    def _own_channel(self) -> str:
        return f"n:{self.node}"

    # Plain commands

    def key(self, name: str) -> str:
        return f"{self._prefix.decode()}{name}"

    async def ask(self, *words: Argument) -> Any:
        return await ask(self._client(), words)

    async def ask_all(self, commands: Sequence[Sequence[Argument]]) -> list[Any]:
        return await ask_all(self._client(), commands)

    def _client(self) -> Any:
        if not self._up or self._door is None:
            raise BusDown
        return self._door.client


async def _send(line: Any, packed: bytes) -> None:
    await line.send_packed_command(packed, check_health=False)


async def _hang_up(line: Any) -> None:
    with contextlib.suppress(Exception):
        await line.disconnect(nowait=True)
