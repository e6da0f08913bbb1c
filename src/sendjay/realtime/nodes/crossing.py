"""Requests of a streamed connection that came to another node than the one that holds it.

A load balancer sends each request wherever it likes. The connection's name begins with its node's, which is
asked over the bus and answers: so the client's next request comes after this one was taken, and order holds.

The connection counts its commands when they have come to it. What a session sends across is counted before,
by number and size: a name can be made up, and the bus is everybody's.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable

import msgspec

from sendjay.protocol.errors import Code, Refused
from sendjay.realtime.allowance import Allowances
from sendjay.realtime.bus.bus import Bus
from sendjay.realtime.limits import ConnectionLimits
from sendjay.storage.measures import REFUSALS

ANSWER_SECONDS = 5.0
BYTES_A_COMMAND = 8_192
"""What is larger counts as several."""

Lives = Callable[[str], bool]
"""May there be a node of this name?"""
Take = Callable[[str, str, list[bytes] | None], bool]
"""Given (connection's name, session, commands; None: close it); False where there is no such connection."""


def cost_of(commands: list[bytes]) -> int:
    """In commands of usual size."""
    return max(len(commands), sum(map(len, commands)) // BYTES_A_COMMAND)


class NoAnswer(Exception):
    """The other node does not answer, or the bus is down: nobody knows whether it was taken."""


class _Ask(msgspec.Struct, array_like=True, tag="ask"):
    number: int
    node: str
    """Who is to be answered."""
    name: str
    session_id: str
    commands: list[bytes] | None


class _Answer(msgspec.Struct, array_like=True, tag="answer"):
    number: int
    was_taken: bool


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_Ask | _Answer).decode


class Crossing:
    """`take` is this node's own way to do what was asked elsewhere; made before the bus is started."""

    def __init__(self, bus: Bus, take: Take, lives: Lives, limits: ConnectionLimits) -> None:
        self._bus = bus
        self._take = take
        self._lives = lives
        self._pace = Allowances(limits.commands_per_second, limits.commands_burst)
        self._numbers = itertools.count(1)
        self._asked: dict[int, asyncio.Future[bool]] = {}
        bus.on("n", self._hear)

    def name(self, identifier: str) -> str:
        """What a connection of this node is called by its client."""
        return f"{self._bus.node}.{identifier}"

    def is_elsewhere(self, name: str) -> bool:
        node, dot, _ = name.partition(".")
        return bool(dot) and node != self._bus.node

    def pay(self, name: str, session_id: str, count: int) -> None:
        """For so many commands of this session to that connection. Raises NoAnswer, Refused."""
        if not self._lives(name.partition(".")[0]):
            raise NoAnswer
        if wait := self._pace.take(session_id, count):
            REFUSALS.labels("crossing").inc()
            raise Refused(Code.RATE_LIMITED, retry_after_ms=wait)

    async def ask(self, name: str, session_id: str, commands: list[bytes] | None) -> bool:
        """Have it done where the connection is. False: there is none. Raises NoAnswer."""
        number = next(self._numbers)
        future = self._asked[number] = asyncio.get_running_loop().create_future()
        asking = _Ask(number, self._bus.node, name, session_id, commands)
        self._bus.publish(f"n:{name.partition('.')[0]}", _encode(asking))
        try:
            return await asyncio.wait_for(future, ANSWER_SECONDS)
        except TimeoutError:
            raise NoAnswer from None
        finally:
            del self._asked[number]

    def _hear(self, _node: str, said: bytes) -> None:
        try:
            word = _decode(said)
        except msgspec.MsgspecError:
            return  # from another version
        if isinstance(word, _Ask):
            was_taken = self._take(word.name, word.session_id, word.commands)
            self._bus.publish(f"n:{word.node}", _encode(_Answer(word.number, was_taken)))
        elif (future := self._asked.get(word.number)) is not None and not future.done():
            future.set_result(word.was_taken)
