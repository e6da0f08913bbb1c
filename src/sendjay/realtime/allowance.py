"""A token bucket: so many at once, so many a second after that."""

from __future__ import annotations

import time


class Allowance:
    """Starts full; `take` says whether there was one left."""

    __slots__ = ("_burst", "_left", "_rate", "_since")

    def __init__(self, rate: float, burst: int) -> None:
        self._rate = rate
        self._burst = burst
        self._left = float(burst)
        self._since = 0.0

    def take(self) -> bool:
        now = time.monotonic()
        if self._since:
            self._left = min(self._burst, self._left + (now - self._since) * self._rate)
        self._since = now
        if self._left < 1.0:
            return False
        self._left -= 1.0
        return True
