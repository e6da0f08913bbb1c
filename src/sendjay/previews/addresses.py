"""Where a preview may be fetched from: public addresses, and networks that the house names.

A link is what anybody may write: it must not make the server ask its own neighbours.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

import httpcore

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
PORTS = (80, 443)

# Behind these an IPv4 address may be meant, and the world need not be told which.
_TRANSLATED = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))


class Resolve(Protocol):
    async def __call__(self, host: str, port: int) -> Sequence[str]: ...


def networks(names: Iterable[str]) -> tuple[Network, ...]:
    """Raises ValueError."""
    return tuple(ipaddress.ip_network(each.strip()) for each in names)


def may_be_asked(said: str, port: int, allowed: Sequence[Network]) -> bool:
    try:
        address: Address = ipaddress.ip_address(said.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    if mapped is not None:
        address = mapped
    if any(address in network for network in allowed if network.version == address.version):
        return True
    if any(address in network for network in _TRANSLATED if network.version == address.version):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved and port in PORTS


class Resolver:
    """Asks the system, in threads of its own: a name server that does not answer holds nobody else up."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="names")

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        asked = self._threads.submit(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
        found = await asyncio.wrap_future(asked)
        return [str(each[4][0]) for each in found]

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


class PinnedBackend(httpcore.AsyncNetworkBackend):
    """Connects to the very address that was judged: a name that changes its mind changes nothing."""

    def __init__(self, resolve: Resolve, allowed: Sequence[Network]) -> None:
        self._resolve = resolve
        self._allowed = allowed
        # Its types know a stand-in for where anyio is not installed.
        self._real: Any = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the library's own form
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.AsyncNetworkStream:
        try:
            found = await self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError from error
        # All of them: a name that is public and private at once is up to something.
        if not found or not all(may_be_asked(each, port, self._allowed) for each in found):
            raise httpcore.ConnectError("Not an address that is asked.")
        return await self._real.connect_tcp(found[0], port, timeout, local_address, socket_options)

    async def connect_unix_socket(self, *_: Any, **__: Any) -> httpcore.AsyncNetworkStream:
        raise httpcore.ConnectError("No files are asked.")

    async def sleep(self, seconds: float) -> None:
        await self._real.sleep(seconds)
