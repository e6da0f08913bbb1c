"""When and from where each session was here last, without a write for each coming and going."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import NamedTuple

import structlog

from sendjay.accounts import store
from sendjay.protocol.errors import Refused
from sendjay.storage.transaction import Transaction
from sendjay.storage.writer import Writer

log = structlog.get_logger(__name__)

PAUSE_SECONDS = 60.0
ROWS_AT_ONCE = 500
"""Rows in one transaction: senders behind it wait for no more."""
MOST = 100_000
"""Beyond this many between two writes, further ones are let go: what is lost is a time on a page."""


class Seen(NamedTuple):
    at: float
    """By `time.monotonic`."""
    address: str


class SeenSessions:
    """Gathers who came and went, and writes it once a minute. A session that is connected is seen now;
    nobody needs to write that.
    """

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._gathered: dict[str, Seen] = {}
        self._writing: asyncio.Task[None] | None = None

    def note(self, session_id: str, address: str) -> None:
        """This session was here just now, from this address (empty: not known)."""
        if len(self._gathered) < MOST or session_id in self._gathered:
            self._gathered[session_id] = Seen(time.monotonic(), address[:64])

    def start(self) -> None:
        self._writing = asyncio.ensure_future(self._write_for_ever())

    async def stop(self) -> None:
        """Write what is left."""
        if self._writing is not None:
            self._writing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._writing
            self._writing = None
        await self.write()

    async def write(self) -> None:
        gathered, self._gathered = list(self._gathered.items()), {}
        for start in range(0, len(gathered), ROWS_AT_ONCE):
            part = gathered[start : start + ROWS_AT_ONCE]
            try:
                await self._writer.run(lambda tx, part=part: _write(tx, part))
            except Refused as refused:
                log.warning("accounts.seen_not_written", sessions=len(part), code=str(refused.code))

    async def _write_for_ever(self) -> None:
        while True:
            await asyncio.sleep(PAUSE_SECONDS)
            await self.write()


def _write(tx: Transaction, seen: list[tuple[str, Seen]]) -> None:
    now = time.monotonic()
    # In one order: other nodes write theirs.
    rows = [
        {"session": session_id, "at": tx.now - round((now - each.at) * 1000), "from": each.address}
        for session_id, each in sorted(seen)
    ]
    store.put_seen(tx, rows)
