"""How much a large room may make the server tell: each talk of a thousand people is a thousand writes.

Counted in people told, so that talks of a few are as good as free, and looked at in large rooms only. One
sender has a part of what the room has: who floods it leaves the others their say.
"""

from __future__ import annotations

import random

from sendjay.protocol.errors import Code, Refused
from sendjay.realtime.allowance import Allowances
from sendjay.realtime.fanout import AT_ONCE
from sendjay.realtime.hub import Hub
from sendjay.storage.measures import REFUSALS

_BURST_SECONDS = 2
_SENDERS_PART = 4
_ROUNDS_MOST = 8
"""Blocks that may wait to be told before a room hears `busy`, whatever its allowance."""


class RoomPace:
    """`rate`: people of one room who may be told in a second, all its messages together."""

    def __init__(self, hub: Hub, rate: float) -> None:
        self._hub = hub
        self._rooms = Allowances(rate, round(rate * _BURST_SECONDS))
        part = rate / _SENDERS_PART
        self._senders = Allowances(part, round(part * _BURST_SECONDS))

    def check(self, room: str, sender: str) -> None:
        """One message more. Raises Refused (RATE_LIMITED or BUSY, with when to come back)."""
        audience = self._hub.audience(room)
        if audience <= AT_ONCE:
            return
        if self._hub.rounds_waiting(room) > _ROUNDS_MOST:
            raise _refused("room_behind", Code.BUSY, 1_000)
        wait = self._senders.take(f"{room}/{sender}", audience)
        if wait:
            raise _refused("room_sender", Code.RATE_LIMITED, wait)
        wait = self._rooms.take(room, audience)
        if wait:
            # Many come at once here: were all to come back at the same time, one of them would get in.
            raise _refused("room", Code.BUSY, int(wait * random.uniform(1.0, 4.0)) + 1)


def _refused(reason: str, code: Code, wait_ms: int) -> Refused:
    REFUSALS.labels(reason).inc()
    return Refused(code, retry_after_ms=wait_ms)
