"""How a server takes its leave: it says that it will, serves on for a while, then sends everybody away."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Farewell:
    """What is to happen before a server closes."""

    announce: Callable[[], None] = lambda: None
    """No longer ready: load balancers are to send nobody any more."""
    notice_seconds: float = 0
    """For so long they may take to see it; who is connected notices nothing."""
    send_away: Callable[[], None] = lambda: None
    """Called when nobody can come in any more: what is open is told to go elsewhere."""
    _hurried: asyncio.Event = field(default_factory=asyncio.Event)

    async def notice(self) -> None:
        """Until the notice is over, or somebody is in a hurry."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._hurried.wait(), self.notice_seconds)

    def hurry(self) -> None:
        """Wait no longer; called on the loop."""
        self._hurried.set()
