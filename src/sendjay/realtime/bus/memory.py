"""The bus of an installation that is one process: there is nobody else to tell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal

from sendjay.realtime.bus.bus import Argument, BusDown, Hear


class MemoryBus:
    """Takes everything and does nothing."""

    node = "one"
    is_distributed: Literal[False] = False
    is_up: Literal[True] = True

    async def start(self, prefix: str) -> None:
        pass

    async def stop(self) -> None:
        pass

    def on(self, letter: str, hear: Hear) -> None:
        pass

    def when_changed(self, hook: Callable[[bool], None]) -> None:
        pass

    def publish(self, channel: str, payload: bytes) -> None:
        pass

    def subscribe(self, channels: Iterable[str]) -> None:
        pass

    def unsubscribe(self, channels: Iterable[str]) -> None:
        pass

    async def settled(self) -> bool:
        return True

    def key(self, name: str) -> str:
        return name

    async def ask(self, *words: Argument) -> Any:
        raise BusDown

    async def ask_all(self, commands: Sequence[Sequence[Argument]]) -> list[Any]:
        raise BusDown
