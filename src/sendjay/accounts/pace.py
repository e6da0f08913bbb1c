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
        self._sessions = Allowances(rate, burst)
        self._addresses = Allowances(rate * _OF_ONE_ADDRESS, burst * _OF_ONE_ADDRESS)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        actor: Actor | None = scope.get("user")
        if actor is None:
            self.check_stranger(ASGIConnection(scope))
        elif _counts(scope):
            _take("rest_person", self._people, actor.user_id)
        await next_app(scope, receive, send)

    def check_stranger(self, connection: ASGIConnection[Any, Any, Any, Any]) -> None:
        """Raises Refused(RATE_LIMITED)."""
        if _counts(connection.scope):
            address = client_address(connection, self._settings)
            _take("rest_address", self._addresses, network_of(address))

    def check_session(self, connection: ASGIConnection[Any, Any, Any, Any], session_id: str) -> None:
        """Before the database is asked whether it lives: who is refused costs it nothing. Not by person, of
        whom a session that has ended must use up nothing. Raises Refused(RATE_LIMITED).
        """
        if _counts(connection.scope):
            _take("rest_person", self._sessions, session_id)


def _counts(scope: Scope) -> bool:
    return scope["path"].startswith("/api/")


def _take(reason: str, allowances: Allowances, key: str) -> None:
    wait = allowances.take(key)
    if wait:
        REFUSALS.labels(reason).inc()
        raise Refused(Code.RATE_LIMITED, retry_after_ms=wait)
