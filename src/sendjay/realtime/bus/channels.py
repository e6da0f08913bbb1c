"""Which channels a node wants to hear, and how the line to Redis learns of it."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterable

from sendjay.realtime.bus.measures import BUS_CHANNELS
from sendjay.realtime.bus.words import command

AT_ONCE = 1_000


class Channels:
    """What is wanted; what has moved since Redis was told is gathered and told in one write."""

    def __init__(self, always: Iterable[str]) -> None:
        self._wanted = set(always)
        self._moved: dict[str, bool] = {}
        self._has_moved = asyncio.Event()
        self._settling: dict[bytes, asyncio.Future[bool]] = {}
        self._asked: set[bytes] = set()

    def __len__(self) -> int:
        return len(self._wanted)

    def want(self, channels: Iterable[str]) -> None:
        for channel in channels:
            if channel not in self._wanted:
                self._wanted.add(channel)
                self._moved[channel] = True
        self._has_moved.set()

    def leave(self, channels: Iterable[str]) -> None:
        for channel in channels:
            if channel in self._wanted:
                self._wanted.discard(channel)
                self._moved[channel] = False
        self._has_moved.set()

    def want_all(self) -> None:
        """On a new line Redis knows of nothing."""
        self._moved = dict.fromkeys(self._wanted, True)
        self._has_moved.set()

    async def settle(self) -> bool:
        """True once Redis has answered to all that was wanted before; False where the line is lost."""
        token = secrets.token_bytes(8)
        future = self._settling[token] = asyncio.get_running_loop().create_future()
        self._has_moved.set()
        try:
            return await future
        finally:
            self._settling.pop(token, None)

    def settled(self, token: bytes) -> None:
        future = self._settling.get(token)
        if future is not None and not future.done():
            future.set_result(True)

    def line_lost(self) -> None:
        self._asked.clear()
        for future in self._settling.values():
            if not future.done():
                future.set_result(False)

    async def next_commands(self, prefix: bytes) -> bytes:
        """What Redis must be told next; waits until there is something."""
        await self._has_moved.wait()
        self._has_moved.clear()
        moved, self._moved = self._moved, {}
        packed: list[bytes] = []
        for word, wanted in ((b"SUBSCRIBE", True), (b"UNSUBSCRIBE", False)):
            names = [prefix + name.encode() for name, to in moved.items() if to is wanted]
            packed += [command(word, *names[at : at + AT_ONCE]) for at in range(0, len(names), AT_ONCE)]
        # Redis answers in order: behind the answer to this stands all that was asked for before.
        packed += [command(b"PING", token) for token in self._settling.keys() - self._asked]
        self._asked = set(self._settling)
        BUS_CHANNELS.set(len(self._wanted))
        return b"".join(packed)
