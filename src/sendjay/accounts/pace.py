"""How often somebody may call by REST: as often as by socket. Of strangers, their address counts."""

from __future__ import annotations

from typing import Any

from litestar.connection import ASGIConnection
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from sendjay.accounts.throttle import network_of
from sendjay.actor import Actor
from sendjay.protocol.errors import Code, Refused
from sendjay.realtime.allowance import Allowances
from sendjay.rest import client_address
from sendjay.settings import Settings
from sendjay.storage.measures import REFUSALS

_OF_ONE_ADDRESS = 10
"""So many times as often: an office may be behind it."""


class Pace(ASGIMiddleware):
    """Behind authentication, and the same one for all routes. The client's own files, and what watches over
    the server, are not counted.
    """

    scopes = (ScopeType.HTTP,)

    def __init__(self, settings: Settings) -> None:
        rate, burst = settings.commands_per_second, settings.commands_burst
        self._settings = settings
        self._people = Allowances(rate, burst)
        self._addresses = Allowances(rate * _OF_ONE_ADDRESS, burst * _OF_ONE_ADDRESS)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        if scope["path"].startswith("/api/"):
            actor: Actor | None = scope.get("user")
            if actor is not None:
                _take("rest_person", self._people, actor.user_id)
            else:
                connection: ASGIConnection[Any, Any, Any, Any] = ASGIConnection(scope)
                address = client_address(connection, self._settings)
                _take("rest_address", self._addresses, network_of(address))
        await next_app(scope, receive, send)


def _take(reason: str, allowances: Allowances, key: str) -> None:
    wait = allowances.take(key)
    if wait:
        REFUSALS.labels(reason).inc()
        raise Refused(Code.RATE_LIMITED, retry_after_ms=wait)
