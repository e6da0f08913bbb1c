"""Who is where at other nodes, kept for those who are on somebody's screen here.

A node listens to whom it watches (p:USER) and asks once, of those who have them; from then on it is told.
What is known counts as long as its node lives.
"""

from __future__ import annotations

import asyncio

from sendjay.protocol.objects import Presence
from sendjay.realtime.bus.bus import Bus
from sendjay.realtime.hub import Hub
from sendjay.realtime.nodes import news
from sendjay.realtime.nodes.news import Asked, Whereabouts
from sendjay.realtime.nodes.others import RETURN_SECONDS, OtherNodes
from sendjay.realtime.nodes.relay import Relay
from sendjay.realtime.presence import NOWHERE

LINGER_SECONDS = 10.0
"""Lists are looked at again and again: whom nobody watches any more is let go after a while."""


class SharedPresence:
    """The board calls it as its `Beyond`."""

    def __init__(self, hub: Hub, bus: Bus, others: OtherNodes, relay: Relay) -> None:
        self._hub = hub
        self._board = hub.presence
        self._bus = bus
        self._others = others
        self._there: dict[str, dict[str, Presence]] = {}
        """Whom we listen to -> node -> where they are there."""
        self._to_ask: set[str] = set()
        self._asking: asyncio.Task[None] | None = None
        self._idle: set[str] = set()
        self._letting_go: asyncio.TimerHandle | None = None
        self._unconfirmed: set[tuple[str, str]] = set()
        self._confirming: asyncio.TimerHandle | None = None
        self._board.beyond = self
        relay.when_told(Whereabouts, self._hear)
        others.when_gone(lambda node, _was_lost: self._forget_node(node))
        bus.when_changed(self._bus_changed)

    async def stop(self) -> None:
        for timer in (self._letting_go, self._confirming):
            if timer is not None:
                timer.cancel()
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.wait([self._asking])

    # What the board asks and says

    def where(self, user: str) -> Presence:
        there = self._there.get(user, {}).values()
        return Presence(any(each.web for each in there), any(each.app for each in there))

    def watch(self, user: str) -> None:
        self._idle.discard(user)
        if user not in self._there:
            self._there[user] = {}
            self._bus.subscribe((f"p:{user}",))
            self._ask((user,))

    def unwatch(self, user: str) -> None:
        self._idle.add(user)
        if self._letting_go is None:
            loop = asyncio.get_running_loop()
            self._letting_go = loop.call_later(LINGER_SECONDS, self._let_go)

    def moved(self, user: str) -> None:
        where = self._board.here(user)
        told = Whereabouts(user, self._bus.node, where.web, where.app)
        self._bus.publish(f"p:{user}", news.encode(told))

    # Asking and hearing

    def answer(self, user: str) -> None:
        if self._board.here(user) != NOWHERE:
            self.moved(user)

    def _ask(self, users: tuple[str, ...]) -> None:
        self._to_ask.update(users)
        if self._asking is None or self._asking.done():
            self._asking = asyncio.get_running_loop().create_task(self._ask_all())

    async def _ask_all(self) -> None:
        while self._to_ask:
            due, self._to_ask = self._to_ask, set()
            # What is answered before it can be heard is lost. While the bus is down, nobody would answer.
            if await self._bus.settled():
                for user in due:
                    asked = Asked(user, "presence", self._bus.node)
                    self._bus.publish(f"u:{user}", news.encode(asked))

    def _hear(self, told: Whereabouts) -> None:
        there = self._there.get(told.person)
        if there is None or not self._others.lives(told.node):
            return
        self._unconfirmed.discard((told.person, told.node))
        if told.web or told.app:
            there[told.node] = Presence(told.web, told.app)
        else:
            there.pop(told.node, None)
        self._board.moved(told.person)

    # Forgetting

    def _let_go(self) -> None:
        self._letting_go = None
        for user in self._idle:
            self._there.pop(user, None)
        self._bus.unsubscribe([f"p:{user}" for user in self._idle])
        self._idle.clear()

    def _forget_node(self, node: str) -> None:
        for user, there in self._there.items():
            if there.pop(node, None) is not None:
                self._board.moved(user)

    def _bus_changed(self, is_up: bool) -> None:
        """What was known stands, until those who are concerned have had the time to say it again."""
        if not is_up:
            return
        for user in self._hub.people():
            self.answer(user)
        self._unconfirmed = {(user, node) for user, there in self._there.items() for node in there}
        self._ask(tuple(self._there))
        if self._confirming is not None:
            self._confirming.cancel()
        loop = asyncio.get_running_loop()
        self._confirming = loop.call_later(RETURN_SECONDS, self._drop_unconfirmed)

    def _drop_unconfirmed(self) -> None:
        unconfirmed, self._unconfirmed = self._unconfirmed, set()
        for user, node in unconfirmed:
            if self._there.get(user, {}).pop(node, None) is not None:
                self._board.moved(user)
