"""Where Redis is: one server, one behind Sentinels, or a cluster; and how to open a line to it.

    redis://[user:password@]host[:6379][/database]    rediss:// with TLS    unix:///path/to.sock
    redis+sentinel://[user:password@]host[:26379],host…/service[/database]     rediss+sentinel://
    redis+cluster://[user:password@]host[:6379],host…                          rediss+cluster://

redis-py's own options may follow as a query (?ssl_ca_certs=/etc/ca.pem), and for Sentinels that ask for a
password of their own ?sentinel_username=…&sentinel_password=….
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from redis.asyncio import Connection, ConnectionPool, Redis, RedisCluster, Sentinel, SSLConnection
from redis.asyncio.cluster import ClusterNode
from redis.asyncio.connection import parse_url
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

CONNECT_SECONDS = 2.0
ANSWER_SECONDS = 1.0
COMMAND_LINES = 16
"""Connections that plain commands may take at once."""

_FORM = re.compile(r"(?P<tls>rediss?)\+(?P<kind>sentinel|cluster)://(?P<rest>.+)", re.DOTALL)


class RedisAddress(NamedTuple):
    """A redis_url, taken apart."""

    kind: str
    """one, sentinel or cluster"""
    options: dict[str, Any]
    """For each connection, in redis-py's words."""
    hosts: Sequence[tuple[str, int]] = ()
    service: str = ""
    url: str = ""


def read_address(url: str) -> RedisAddress:
    """Raises ValueError where it is none; its words never hold the password."""
    form = _FORM.fullmatch(url)
    try:
        if form is None:
            return RedisAddress("one", dict(parse_url(url)), url=url)
        return _several(form["tls"], form["kind"], form["rest"])
    except (ValueError, TypeError):
        kind = url.partition("://")[0]
        raise ValueError(f"redis_url names no Redis that can be used: {kind[:20]}://…") from None


def _several(scheme: str, kind: str, rest: str) -> RedisAddress:
    rest, _, query = rest.partition("?")
    authority, _, path = rest.partition("/")
    sign_in, _, hosts = authority.rpartition("@")
    service, _, database = path.partition("/") if kind == "sentinel" else ("", "", path)
    usual = 26379 if kind == "sentinel" else 6379
    found = [_host(each, usual) for each in hosts.split(",")]
    if (kind == "sentinel") != bool(service):
        raise ValueError
    if kind == "cluster" and database not in ("", "0"):
        raise ValueError
    options = dict(parse_url(f"{scheme}://{sign_in}@there/{database}?{query}"))
    options.pop("host")
    return RedisAddress(kind, options, found, service)


def _host(text: str, usual: int) -> tuple[str, int]:
    parts = urlsplit(f"//{text}")
    if not parts.hostname or parts.path:
        raise ValueError
    return parts.hostname, parts.port or usual


class RedisDoor:
    """Opens lines for news, and has a client for plain commands; both find a new master by themselves."""

    def __init__(self, address: RedisAddress) -> None:
        self._address = address
        self._sentinel: Sentinel | None = None
        never = Retry(NoBackoff(), 0)
        common: dict[str, Any] = {"protocol": 2, "socket_connect_timeout": CONNECT_SECONDS, "retry": never}
        asking: dict[str, Any] = {
            **common,
            "socket_timeout": ANSWER_SECONDS,
            "max_connections": COMMAND_LINES,
        }
        self._common = {**common, "socket_timeout": CONNECT_SECONDS}
        self.client: Any
        match address.kind:
            case "one":
                self.client = Redis.from_pool(ConnectionPool.from_url(address.url, **asking))
            case "sentinel":
                self.client = self._behind_sentinels(asking)
            case _:
                nodes = [ClusterNode(host, port) for host, port in address.hosts]
                options: dict[str, Any] = {**_without_class(address.options), **asking}
                self.client = RedisCluster(startup_nodes=nodes, **options)

    def _behind_sentinels(self, asking: dict[str, Any]) -> Redis:
        options = _without_class(self._address.options)
        own = {"username": "sentinel_username", "password": "sentinel_password"}
        sentinels: dict[str, Any] = {
            "socket_connect_timeout": CONNECT_SECONDS,
            "socket_timeout": CONNECT_SECONDS,
            "retry": asking["retry"],
            **{name: options.pop(key) for name, key in own.items() if key in options},
            **{name: value for name, value in options.items() if name.startswith("ssl")},
        }
        self._sentinel = Sentinel(self._address.hosts, sentinel_kwargs=sentinels)
        return self._sentinel.master_for(self._address.service, **options, **asking)

    async def open_line(self) -> Any:
        """A connection of its own, signed in, that waits for ever. May raise RedisError or OSError."""
        match self._address.kind:
            case "one":
                line = ConnectionPool.from_url(self._address.url, **self._common).make_connection()
            case "sentinel":
                line = self.client.connection_pool.make_connection()
            case _:
                line = await self._line_to_cluster()
        await line.connect()
        line.socket_timeout = None
        return line

    async def _line_to_cluster(self) -> Any:
        # What is published at one node of a cluster is heard at all of them.
        await self.client.initialize()
        node = self.client.get_random_primary_node()
        options: dict[str, Any] = {**self._address.options, **self._common}
        kind = options.pop("connection_class", Connection)
        return kind(**{**options, "host": node.host, "port": int(node.port)})

    async def close(self) -> None:
        await self.client.aclose()
        if self._sentinel is not None:
            await self._sentinel.aclose()


def _without_class(options: dict[str, Any]) -> dict[str, Any]:
    """What sentinel and cluster clients take: TLS is a word there, not a class."""
    rest = {name: value for name, value in options.items() if name != "connection_class"}
    return {**rest, "ssl": True} if options.get("connection_class") is SSLConnection else rest
