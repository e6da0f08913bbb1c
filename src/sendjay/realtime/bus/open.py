"""The bus that the settings ask for."""

from __future__ import annotations

from sendjay.realtime.bus.bus import Bus
from sendjay.realtime.bus.memory import MemoryBus


def open_bus(redis_url: str) -> Bus:
    """Raises ValueError where the address is none. Nothing is connected yet."""
    if not redis_url:
        return MemoryBus()
    # Only here: see settings.
    from sendjay.realtime.bus.address import read_address
    from sendjay.realtime.bus.redis import RedisBus

    return RedisBus(read_address(redis_url))
