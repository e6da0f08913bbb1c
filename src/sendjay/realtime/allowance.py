"""A token bucket: so many at once, so many a second after that; for one, or for each of many."""

from __future__ import annotations

import time
from collections import OrderedDict


class Allowance:
    """Starts full; `take` says whether there was one left."""

    __slots__ = ("_burst", "_left", "_rate", "_since")

    def __init__(self, rate: float, burst: int) -> None:
        self._rate = rate
        self._burst = burst
        self._left = float(burst)
        self._since = 0.0

    def take(self, count: float = 1.0) -> bool:
        """More at once than the bucket holds are taken when it is full."""
        now = time.monotonic()
        if self._since:
            self._left = min(self._burst, self._left + (now - self._since) * self._rate)
        self._since = now
        if self._left < min(count, self._burst):
            return False
        self._left -= count
        return True

    def wait_ms(self, count: float = 1.0) -> int:
        """When there will be so many, as of the last `take`."""
        return max(1, round(1000 * (min(count, self._burst) - self._left) / self._rate))


class Allowances:
    """One for each key; those of whom nothing was heard for longest are forgotten first."""

    def __init__(self, rate: float, burst: int, *, most: int = 20_000) -> None:
        self._rate = rate
        self._burst = burst
        self._most = most
        self._held: OrderedDict[str, Allowance] = OrderedDict()

    def take(self, key: str, count: float = 1.0) -> int:
        """0, or in how many milliseconds it may be tried again."""
        allowance = self._held.get(key)
        if allowance is None:
            allowance = self._held[key] = Allowance(self._rate, self._burst)
            if len(self._held) > self._most:
                self._held.popitem(last=False)
        else:
            self._held.move_to_end(key)
        return 0 if allowance.take(count) else allowance.wait_ms(count)
