"""What people look at at other nodes, kept for those who have a connection here too."""

from __future__ import annotations

from sendjay.realtime.bus.bus import Bus
from sendjay.realtime.hub import Hub
from sendjay.realtime.nodes import news
from sendjay.realtime.nodes.news import Asked, Looks
from sendjay.realtime.nodes.others import OtherNodes
from sendjay.realtime.nodes.relay import Relay


class SharedFocus:
    """The board calls it as its `Beyond`. Each node says what it knows when that changes, and when asked."""

    def __init__(self, hub: Hub, bus: Bus, others: OtherNodes, relay: Relay) -> None:
        self._hub = hub
        self._board = hub.focus
        self._bus = bus
        self._others = others
        self._there: dict[str, dict[str, frozenset[str]]] = {}
        self._said: dict[str, frozenset[str]] = {}
        """What was told of those who look at anything."""
        self._board.beyond = self
        relay.when_told(Looks, self._hear)
        others.when_gone(lambda node, _was_lost: self._forget_node(node))
        bus.when_changed(self._bus_changed)

    def rooms(self, user: str) -> frozenset[str]:
        there = self._there.get(user)
        if there is None:
            # What is for this person is heard by now.
            self._there[user] = {}
            self._ask(user)
            return frozenset()
        return frozenset().union(*there.values())

    def moved(self, user: str) -> None:
        rooms = self._board.here(user)
        if rooms != self._said.get(user, frozenset()):
            if rooms:
                self._said[user] = rooms
            else:
                del self._said[user]
            self._say(user, rooms)
        if not self._hub.connections(user):
            self._there.pop(user, None)

    def answer(self, user: str) -> None:
        if rooms := self._said.get(user):
            self._say(user, rooms)

    def _ask(self, user: str) -> None:
        self._bus.publish(f"u:{user}", news.encode(Asked(user, "focus", self._bus.node)))

    def _say(self, user: str, rooms: frozenset[str]) -> None:
        self._bus.publish(f"u:{user}", news.encode(Looks(user, self._bus.node, sorted(rooms))))

    def _hear(self, told: Looks) -> None:
        there = self._there.get(told.person)
        if there is not None and self._others.lives(told.node):
            there[told.node] = frozenset(told.rooms)
            self._board.moved(told.person)

    def _forget_node(self, node: str) -> None:
        for user, there in tuple(self._there.items()):
            if there.pop(node, None):
                self._board.moved(user)

    def _bus_changed(self, is_up: bool) -> None:
        if not is_up:
            # Better a notification too many than one that nobody sees.
            looked = [user for user, there in self._there.items() if any(there.values())]
            self._there = {user: {} for user in self._there}
            for user in looked:
                self._board.moved(user)
            return
        for user, rooms in self._said.items():
            self._say(user, rooms)
        for user in self._there:
            self._ask(user)
