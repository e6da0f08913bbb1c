"""The places that workers have on one address, each with a listening socket of its own.

The kernel deals new connections out over the sockets evenly, where one socket for all would let the quickest
worker take more than its share, for as long as its connections last. The sockets belong to the supervisor:
whoever waits in the queue of a worker that dies or is replaced is taken in by its successor.
"""

from __future__ import annotations

import contextlib
import socket
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sendjay.workers.process import WorkerProcess

BACKLOG = 4096


class Slot:
    """One of the places: its socket, and who serves it."""

    def __init__(self, number: int, host: str, port: int) -> None:
        self.number = number
        """1 for the first."""
        self.worker: WorkerProcess | None = None
        self.listener = _bind(host, port)
        self._host = host

    @property
    def port(self) -> int:
        return int(self.listener.getsockname()[1])

    def renew(self) -> None:
        """Let go of those who wait here: whoever was to take them in cannot."""
        former, self.listener = self.listener, _bind(self._host, self.port)
        former.close()


def make_slots(count: int, host: str, port: int) -> list[Slot]:
    """`port` 0 takes a free one for all. Raises OSError where the address is in use."""
    # The sockets share their address with each other, and would with a stranger who does so as well.
    with contextlib.closing(socket.create_server((host, port), family=_family(host))):
        pass
    slots = [Slot(1, host, port)]
    slots += [Slot(number, host, slots[0].port) for number in range(2, count + 1)]
    return slots


def _bind(host: str, port: int) -> socket.socket:
    """It listens only when its worker does: until then nobody is sent there."""
    listener = socket.socket(_family(host))
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    if listener.family == socket.AF_INET6:
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, int(host != "::"))
    try:
        listener.bind((host, port))
    except BaseException:
        listener.close()
        raise
    return listener


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
