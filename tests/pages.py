"""Pages that share their person's one place, as the web client does: parked, offered the place, taking it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Self

from sendjay.realtime.places import GRACE_SECONDS
from tests.clients import SECONDS, Json, SocketClient
from tests.serving import Person, Server

WAITED = GRACE_SECONDS + 5.0
"""By then the place of a broken line is free, on a slow machine too."""
AT_ONCE = GRACE_SECONDS - 2.0
"""Sooner than a broken line would have freed it."""
LAPTOP, PHONE = 1, 2


class Page:
    """One page of somebody's. `parked` says who has the place instead; None while it is live itself."""

    def __init__(self, client: SocketClient, *, answers_free: bool) -> None:
        self.client = client
        self.answers_free = answers_free
        self.parked: Json | None = None
        self.generation = 0
        self.offers = 0
        self._taking: set[asyncio.Task[Json]] = set()

    @classmethod
    async def open(
        cls,
        server: Server,
        person: Person,
        device: int = 0,
        *,
        sync: Json | None = None,
        answers_free: bool = False,
        **place: object,
    ) -> Self:
        """`place`: claim, generation, standing, browser. `answers_free`: takes what it is offered."""
        client = await SocketClient.open(server)
        page = cls(client, answers_free=answers_free)
        client.on_event = page._hear
        asked = {"token": person.tokens[device], "place": place} | ({} if sync is None else {"sync": sync})
        try:
            client.welcome = await page._ask("hello", asked)
        except BaseException:
            await client.close()
            raise
        return page

    @property
    def is_live(self) -> bool:
        return self.parked is None and self.client.connection.close_code is None

    async def take(self, **fields: object) -> Json:
        """The person uses this page."""
        return await self._ask("place.take", fields)

    async def comes_to_be_live(self, seconds: float) -> bool:
        return await self._comes(seconds, lambda: self.is_live)

    async def is_behind(self, by: Json, seconds: float = SECONDS) -> bool:
        """Does it hear in this time that this one has the place? A node may know that somebody at another
        one has it a moment before it knows who.
        """
        return await self._comes(seconds, lambda: self.parked == by)

    async def is_offered(self, seconds: float) -> bool:
        """Does it hear in this time that the place is free?"""
        return await self._comes(seconds, lambda: self.offers > 0)

    async def break_off(self) -> None:
        """The line breaks: no goodbye."""
        self.client.connection.transport.abort()
        await self.client.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.client.close()

    async def _comes(self, seconds: float, condition: Callable[[], bool]) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await self.client.until(condition)
        except (TimeoutError, AssertionError):
            return False
        return True

    async def _ask(self, cmd: str, fields: Json) -> Json:
        return await asyncio.wait_for(await self.client.post(cmd, then=self._decided, **fields), SECONDS)

    def _decided(self, welcome: Json) -> None:
        """Before any later event is looked at."""
        self.parked, self.generation = welcome.get("parked"), welcome.get("generation", 0)

    def _hear(self, event: Json) -> None:
        if event["ev"] == "parked":
            self.parked = event["by"]
        elif event["ev"] == "place.free":
            self.offers += 1
            if self.answers_free:
                task = asyncio.ensure_future(self.take(claim=False))
                self._taking.add(task)
                task.add_done_callback(self._forget)

    def _forget(self, task: asyncio.Task[Json]) -> None:
        self._taking.discard(task)
        if not task.cancelled():
            task.exception()  # the line may have broken meanwhile
