"""What a bus between the nodes of one installation can do.

News on a bus arrive in the order of their sender, at most once, and perhaps never: whoever needs more asks
the database. Nothing here makes anybody wait for another process. Channels, by their first letter:

    r:ROOM  what happened in a room            u:USER  what is for one person's connections
    p:USER  who watches a person               n:NODE  one node; n:all is every node
    a:all   which nodes live
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

ALL_NODES = "n:all"

Hear = Callable[[str, bytes], None]
"""Told (what stands behind the channel's letter, what was said), on the event loop, by another node."""
Argument = str | bytes | int


class BusDown(Exception):
    """Redis does not answer now: do without, or try later."""


class Bus(Protocol):
    """One node's end of it. All of it happens on the event loop."""

    @property
    def node(self) -> str:
        """This process's own name, another one at each start; its channel is n:NODE."""
        ...

    @property
    def is_distributed(self) -> bool:
        """Can there be other nodes? If not, nothing of it costs anything."""
        ...

    @property
    def is_up(self) -> bool:
        """Does it reach Redis, and does what is said come back from there?"""
        ...

    async def start(self, prefix: str) -> None:
        """Connect. `prefix` keeps installations on one Redis apart. Does not fail where Redis is down."""
        ...

    async def stop(self) -> None:
        """Send what is due, then let go."""
        ...

    def on(self, letter: str, hear: Hear) -> None:
        """Who is told what is said on the channels of this letter; one for each, set before `start`."""
        ...

    def when_changed(self, hook: Callable[[bool], None]) -> None:
        """Call `hook` when it goes down (False), and when it is back and hears everything again (True)."""
        ...

    def publish(self, channel: str, payload: bytes) -> None:
        """Tell all other nodes that listen. Never waits, never raises; dropped and counted while down."""
        ...

    def subscribe(self, channels: Iterable[str]) -> None:
        """Listen to these from now on; who needs to know since when asks `settled`."""
        ...

    def unsubscribe(self, channels: Iterable[str]) -> None: ...

    async def settled(self) -> bool:
        """Wait until all that was subscribed to is heard: True. At once False while it is down."""
        ...

    def key(self, name: str) -> str:
        """The name of a key of this installation in Redis."""
        ...

    async def ask(self, *words: Argument) -> Any:
        """One Redis command, its raw answer (texts as bytes). Raises BusDown."""
        ...

    async def ask_all(self, commands: Sequence[Sequence[Argument]]) -> list[Any]:
        """Several in one go, not as one transaction; an answer may be an Exception. Raises BusDown."""
        ...
