"""Finding messages: in one room, or in all of mine, the newest first."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple, TypeVar

import sqlalchemy as sa

from sendjay.actor import Actor
from sendjay.messages.service import Viewer
from sendjay.protocol.errors import Code, Refused
from sendjay.protocol.objects import Hit, Message
from sendjay.protocol.replies import HitsAnswer, SearchAnswer
from sendjay.rooms.service import access_room
from sendjay.search import store
from sendjay.search.model import Query
from sendjay.search.sealer import Sealer
from sendjay.search.sealing import forget_below, note_edit
from sendjay.search.walking import Place, walk
from sendjay.storage.database import Database

__all__ = ["Query", "Sealer", "SearchService", "forget_below", "note_edit"]

Result = TypeVar("Result")

COST_MOST = 60_000
"""Rows that one question may read. What it has not come to by then, the next one goes on with."""
WAITING_MOST = 50


class Cursor(NamedTuple):
    """Where a search through all rooms has come to. Hits go by time, the newest first; then by room, then by
    seq, the newest first.
    """

    at: int
    room: str
    seq: int

    def said(self) -> str:
        return f"{self.at}:{self.seq}:{self.room}"

    @classmethod
    def heard(cls, said: str) -> Cursor:
        """Raises Refused(INVALID)."""
        at, _, rest = said.partition(":")
        seq, _, room = rest.partition(":")
        if not (at.isdecimal() and seq.isdecimal() and len(at) <= 16 and len(seq) <= 16):
            raise Refused(Code.INVALID)
        return cls(int(at), room, int(seq))

    def comes_before(self, room: str, message: Message) -> bool:
        return (-self.at, self.room, -self.seq) < (-message.at, room, -message.seq)


class SearchService:
    def __init__(self, database: Database) -> None:
        self._database = database
        # One at a time: they read much, and everybody else's messages are not to wait for it.
        self._turn = asyncio.Semaphore(1)
        self._waiting = 0

    async def in_room(
        self, actor: Actor, room_id: str, query: Query, before: int, limit: int
    ) -> SearchAnswer:
        """Raises Refused."""
        return await self._take_turn(
            lambda connection: _in_room(connection, actor, room_id, query, before, limit)
        )

    async def everywhere(self, actor: Actor, query: Query, after: str, limit: int) -> HitsAnswer:
        """Raises Refused."""
        cursor = Cursor.heard(after) if after else None
        return await self._take_turn(lambda connection: _everywhere(connection, actor, query, cursor, limit))

    async def _take_turn(self, work: Callable[[sa.Connection], Result]) -> Result:
        if self._waiting >= WAITING_MOST:
            raise Refused(Code.BUSY, retry_after_ms=1000)
        self._waiting += 1
        try:
            async with self._turn:
                return await self._database.read(work)
        finally:
            self._waiting -= 1


def _in_room(
    connection: sa.Connection, actor: Actor, room_id: str, query: Query, before: int, limit: int
) -> SearchAnswer:
    access = access_room(connection, actor, room_id)
    viewer = Viewer(actor.user_id, bool(access.member.has_deleted))
    top = min(access.room.seq, before - 1) if before else access.room.seq
    found: list[Message] = []
    cost = 0
    for step in walk(connection, Place(room_id, top, access.floor, viewer), query):
        found += step.hits
        cost += step.cost
        if len(found) >= limit:
            return SearchAnswer(found[:limit], found[limit - 1].seq)
        if cost >= COST_MOST:
            return SearchAnswer(found, step.seq)
    return SearchAnswer(found)


def _everywhere(
    connection: sa.Connection, actor: Actor, query: Query, cursor: Cursor | None, limit: int
) -> HitsAnswer:
    """Always goes on in the room that may have the newest hit: most rooms are never looked into."""
    if cursor is not None:
        query = replace(query, until=min(query.until, cursor.at + 1))
    # (-at, is_hit, room, -seq, …): at one moment a room is looked through before its hits are told.
    heap: list[tuple[int, bool, str, int, object]] = []
    for row in store.my_rooms(connection, actor.user_id):
        place = Place(row.room_id, row.seq, row.floor_seq, Viewer(actor.user_id, row.has_deleted))
        steps = walk(connection, place, query)
        heapq.heappush(heap, (-min(row.last_at, query.until), False, row.room_id, 0, steps))
    hits: list[Hit] = []
    cost = 0
    while heap:
        minus_at, is_hit, room_id, _, what = heapq.heappop(heap)
        if isinstance(what, Message):
            hits.append(Hit(room_id, what))
            if len(hits) == limit:
                return HitsAnswer(hits, Cursor(what.at, room_id, what.seq).said())
            continue
        if cost >= COST_MOST:
            return HitsAnswer(hits, Cursor(-minus_at, "", 0).said() if not is_hit else "")
        step = next(what, None)  # pyright: ignore[reportCallIssue, reportArgumentType]
        if step is None:
            continue
        cost += step.cost
        for message in step.hits:
            if cursor is None or cursor.comes_before(room_id, message):
                heapq.heappush(heap, (-message.at, True, room_id, -message.seq, message))
        heapq.heappush(heap, (-min(step.at, -minus_at), False, room_id, 0, what))
    return HitsAnswer(hits)
