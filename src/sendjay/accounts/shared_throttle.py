"""Tries counted over all nodes, so that who is turned away at one finds no second chance at the next.

Each node counts its own as well: while Redis is gone, that is the bound.
"""

from __future__ import annotations

import contextlib
import hashlib
import secrets
import time
from typing import Any

from sendjay.accounts.throttle import Throttle
from sendjay.protocol.errors import Code, Refused
from sendjay.realtime.bus.bus import Bus, BusDown


class SharedThrottle:
    """As `Throttle`. `name` keeps what several of them count apart."""

    def __init__(self, name: str, here: Throttle, bus: Bus) -> None:
        self._name = name
        self._here = here
        self._bus = bus

    async def begin(self, key: str) -> None:
        """Count a try. Raises Refused(RATE_LIMITED), uncounted, when there were too many."""
        self._here.begin(key)
        if not self._bus.is_distributed:
            return
        try:
            await self._begin_everywhere(key)
        except BusDown:
            return
        except Refused:
            self._here.take_back(key)
            raise

    async def forget(self, key: str) -> None:
        """The try was good: nothing is held against this key."""
        self._here.forget(key)
        await self._say("DEL", key)

    async def take_back(self, key: str) -> None:
        """The last try was good, but says nothing about those before it."""
        self._here.take_back(key)
        await self._say("ZPOPMAX", key)

    async def _begin_everywhere(self, key: str) -> None:
        counted, this_try = self._counted(key), secrets.token_urlsafe(9)
        now, window = int(time.time() * 1000), int(self._here.seconds * 1000)
        answers: list[Any] = await self._bus.ask_all(
            (
                ("ZREMRANGEBYSCORE", counted, 0, now - window),
                ("ZADD", counted, now, this_try),
                ("ZCARD", counted),
                ("PEXPIRE", counted, window),
                ("ZRANGE", counted, 0, 0, "WITHSCORES"),
            )
        )
        tries, oldest = answers[2], answers[4]
        if not isinstance(tries, int) or tries <= self._here.tries:
            return  # a Redis that refuses, being full, is as good as down
        await self._bus.ask("ZREM", counted, this_try)
        wait = _score(oldest, now) + window - now
        raise Refused(Code.RATE_LIMITED, retry_after_ms=max(1, wait))

    async def _say(self, word: str, key: str) -> None:
        if self._bus.is_distributed:
            with contextlib.suppress(BusDown):
                await self._bus.ask(word, self._counted(key))

    def _counted(self, key: str) -> str:
        # Hashed: what people type to sign in is of any length, and nobody's business in Redis.
        digest = hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()[:32]
        return self._bus.key(f"tries:{self._name}:{digest}")


def _score(answer: Any, otherwise: int) -> int:
    """Of the first member; the client may have made pairs of what Redis says flat."""
    try:
        first = answer[0]
        return int(float(first[1] if isinstance(first, (list, tuple)) else answer[1]))
    except (IndexError, TypeError, ValueError):
        return otherwise
