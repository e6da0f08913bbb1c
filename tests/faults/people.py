"""People who go on whatever happens: what was not acknowledged is sent again under its key, at any node."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import websockets

from tests.clients import Json, LostError, RefusedError, SocketClient, new_key
from tests.faults.world import World
from tests.model_client import ModelClient
from tests.serving import Person, Server

ANSWER_SECONDS = 6.0
"""Without an answer for so long, the line is taken for dead."""
TROUBLES = (LostError, RefusedError, TimeoutError, OSError, websockets.WebSocketException)


class PatientClient(ModelClient):
    """A node in trouble may refuse what a client asks by itself: it then comes back and syncs.

    What contradicts the protocol's rules is kept, for it would end the line like any other trouble.
    """

    def __init__(self, server: Server, person: Person) -> None:
        super().__init__(server, person)
        self.stumbled = False
        self.heard: list[Json] = []
        """Every event of a room's timeline, in the order in which they came."""
        self.broken: list[str] = []

    @property
    def has_line(self) -> bool:
        return self.client is not None and not self.stumbled and not self.client._reader.done()

    def _take(self, event: Json) -> None:
        if event["ev"] in ("message.new", "message.changed", "room.changed") and event not in self.heard[-1:]:
            self.heard.append(event)
        with self._keeping():
            super()._take(event)

    def _take_sync(self, answer: Json) -> None:
        with self._keeping():
            super()._take_sync(answer)

    def _start(self, work: object) -> None:
        async def patiently() -> None:
            try:
                with self._keeping():
                    await work  # type: ignore[misc]
            except (RefusedError, TimeoutError):
                self.stumbled = True

        super()._start(patiently())

    @contextmanager
    def _keeping(self) -> Iterator[None]:
        try:
            yield
        except AssertionError as error:
            self.broken.append(repr(error))
            raise


class Resident:
    """One person with one device, and all that they saw."""

    def __init__(self, world: World, person: Person, chance: random.Random) -> None:
        self.world = world
        self.person = person
        self.chance = chance
        self.model = PatientClient(world.here, person)
        self.acked: dict[str, Json] = {}
        """client_id -> the answers it got, which must all be one."""
        self._acked_at = 0.0
        self._acked = asyncio.Event()
        self.marked: dict[str, int] = {}
        """room -> the highest acknowledged mark."""
        self.codes: set[str] = set()
        """With which they were put off."""
        self.is_over = False
        self._is_greeted = False
        self._coming = asyncio.Lock()

    @property
    def is_here(self) -> bool:
        return self._is_greeted and self.model.has_line

    async def live(self, rooms: list[str]) -> None:
        """Talk until told to stop; then until the last word is acknowledged."""
        while not self.is_over:
            room = self.chance.choice(rooms)
            await self.insist("message.send", room=room, client_id=new_key(), body=self.person.id)
            if self.chance.random() < 0.1:
                await self.insist("read.mark", room=room, seq=self._newest(room))
            if self.chance.random() < 0.05:
                await self.leave()
            await asyncio.sleep(self.chance.random() * 0.02)

    async def insist(self, cmd: str, **fields: Any) -> Json:
        """The good answer, however often it has to be asked for."""
        while True:
            client = await self.come_back()
            try:
                asked = await client.post(cmd, **fields)
                answer = await asyncio.wait_for(asked, ANSWER_SECONDS)
            except RefusedError as refused:
                if not refused.error.get("retry"):
                    raise
                self.codes.add(refused.code)
                await asyncio.sleep(min(1000, refused.error.get("retry_after_ms") or 200) / 1000)
            except (LostError, TimeoutError):
                if self.model.client is client:
                    await self.leave()
            else:
                self._note(cmd, fields, answer)
                return answer

    async def has_ack_after(self, moment: float) -> None:
        while self._acked_at <= moment:
            self._acked.clear()
            await self._acked.wait()

    async def come_back(self) -> SocketClient:
        """At either node, with what is held, as soon as one of them lets them in."""
        async with self._coming:
            while not self.is_here:
                await self._end()
                self.model.server = self.chance.choice(self.world.nodes)
                with suppress(*TROUBLES):
                    await asyncio.wait_for(self.model.connect(), ANSWER_SECONDS)
                    self._is_greeted = True
                    break
                await asyncio.sleep(0.1 + self.chance.random() * 0.3)
            assert self.model.client is not None
            return self.model.client

    async def leave(self) -> None:
        async with self._coming:
            await self._end()

    async def _end(self) -> None:
        self._is_greeted = False
        with suppress(*TROUBLES):
            await asyncio.wait_for(self.model.disconnect(), ANSWER_SECONDS)
        self.model.client, self.model.stumbled = None, False

    def _note(self, cmd: str, fields: Json, answer: Json) -> None:
        if cmd == "message.send":
            self.acked[fields["client_id"]] = {"room": fields["room"], **answer}
            self._acked_at = asyncio.get_running_loop().time()
            self._acked.set()
        elif cmd == "read.mark":
            self.marked[fields["room"]] = max(self.marked.get(fields["room"], 0), fields["seq"])

    def _newest(self, room: str) -> int:
        held = self.model.rooms.get(room)
        return max([1, *held.rows]) if held is not None else 1


async def gather(*work: Coroutine[Any, Any, object]) -> None:
    """All of them; the first that fails ends the rest."""
    async with asyncio.TaskGroup() as tasks:
        for each in work:
            tasks.create_task(each)
