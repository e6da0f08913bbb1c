"""A node without a network, within the test: what it says to its database, and clocks that the test sets."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from sendjay.app import Messenger
from sendjay.realtime.frames import payloads
from sendjay.realtime.limits import ConnectionLimits
from sendjay.realtime.session import Session
from sendjay.storage.clock import NOW
from tests.databases.spoken import hear_statements

Json = dict[str, Any]


_ASIDE = ("BEGIN", "COMMIT", "PRAGMA", "SET", *NOW.values())
"""Where transactions and connections begin and end; what time it is, asked every few seconds."""


class Line:
    """One connection: a link that takes everything, and the session behind it."""

    address = ""

    def __init__(self, node: Node) -> None:
        self.closed_with: int | None = None
        self.events: list[Json] = []
        self._waiting: dict[int, asyncio.Future[Json]] = {}
        self._asked = 0
        hub = node.messenger.hub
        self.session = Session(self, node.messenger.dispatcher, ConnectionLimits(), "line", "", hub.lost)

    async def ask(self, cmd: str, **fields: object) -> Json:
        """The whole answer: its `ok`, or its `error`."""
        self._asked += 1
        future = self._waiting[self._asked] = asyncio.get_running_loop().create_future()
        self.session.receive_text(json.dumps({"id": self._asked, "cmd": cmd, **fields}).encode())
        return await asyncio.wait_for(future, 10)

    def lose(self, code: int) -> None:
        """The peer goes, with a goodbye or without."""
        if self.closed_with is None:
            self.closed_with = code
            self.session.link_lost(code)

    # What the session sees of it

    def send(self, frames: bytes, /) -> None:
        for frame in map(json.loads, payloads(frames)):
            if "ev" in frame:
                self.heard(frame)
            elif frame["re"] in self._waiting:
                self.answered(frame)
                self._waiting.pop(frame["re"]).set_result(frame)

    def close(self, code: int, reason: str = "") -> None:
        asyncio.get_running_loop().call_soon(self.lose, code)

    def buffered(self) -> int:
        return 0

    # What a test may want to see as it comes

    def heard(self, event: Json) -> None:
        self.events.append(event)

    def answered(self, answer: Json) -> None:
        pass


class Node:
    """All that a messenger says to its database stands in `statements`."""

    def __init__(self, messenger: Messenger) -> None:
        self.messenger = messenger
        self.statements: list[str] = []
        hear_statements(self._heard)

    def spoken(self) -> list[str]:
        """What was said since the last time, without what is aside."""
        said, self.statements = self.statements, []
        return [each for each in said if not each.startswith(_ASIDE)]

    def _heard(self, statement: str) -> None:
        self.statements.append(statement.strip())
