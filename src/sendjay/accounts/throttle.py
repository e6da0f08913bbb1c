"""How often somebody may try: a sliding window of tries for each key, bounded in memory."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable

from sendjay.protocol.errors import Code, Refused
from sendjay.realtime.addresses import network_of

__all__ = ["Throttle", "network_of"]


class Throttle:
    """At most `tries` in `seconds` for each key. A try counts from its beginning: many at once count too."""

    def __init__(
        self,
        tries: int,
        seconds: float = 300,
        *,
        keys: int = 20_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.tries = tries
        self.seconds = seconds
        self._keys = keys
        self._clock = clock
        self._held: OrderedDict[str, deque[float]] = OrderedDict()

    def begin(self, key: str) -> None:
        """Count a try. Raises Refused(RATE_LIMITED), uncounted, when there were too many."""
        now = self._clock()
        tries = self._held.setdefault(key, deque())
        while tries and tries[0] <= now - self.seconds:
            tries.popleft()
        if len(tries) >= self.tries:
            wait = tries[0] + self.seconds - now if tries else self.seconds
            raise Refused(Code.RATE_LIMITED, retry_after_ms=max(1, int(wait * 1000)))
        tries.append(now)
        self._held.move_to_end(key)
        if len(self._held) > self._keys:
            self._held.popitem(last=False)

    def forget(self, key: str) -> None:
        """The try was good: nothing is held against this key."""
        self._held.pop(key, None)

    def take_back(self, key: str) -> None:
        """The last try was good, but says nothing about those before it."""
        tries = self._held.get(key)
        if tries:
            tries.pop()
