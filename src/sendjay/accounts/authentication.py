"""Lets nobody in who is not signed in. A route is open to all only where it says `exclude_from_auth=True`."""

from __future__ import annotations

from typing import Any

from litestar.connection import ASGIConnection
from litestar.enums import ScopeType
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult, DefineMiddleware
from litestar.types import ASGIApp

from sendjay.accounts import cookies
from sendjay.accounts.pace import Pace
from sendjay.accounts.service import AccountsService, Claims
from sendjay.protocol.errors import Code, Refused
from sendjay.rest import is_portal_page, refuse_other_sites
from sendjay.settings import Settings

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Authentication(AbstractAuthenticationMiddleware):
    """Sets `request.user` to the Actor. Sockets are not its matter: they say hello."""

    def __init__(self, app: ASGIApp, accounts: AccountsService, settings: Settings, pace: Pace) -> None:
        super().__init__(app, scopes={ScopeType.HTTP})
        self._accounts = accounts
        self._pace = pace
        self._settings = settings

    async def authenticate_request(
        self, connection: ASGIConnection[Any, Any, Any, Any]
    ) -> AuthenticationResult:
        header = connection.headers.get("authorization")
        if header is not None:
            scheme, _, token = header.partition(" ")
            if scheme.lower() != "bearer":
                raise Refused(Code.UNAUTHORIZED)
        elif is_portal_page(connection, self._settings):
            # A portal may be the same site as we are, to which its page can send even a strict cookie along.
            raise Refused(Code.UNAUTHORIZED)
        else:
            token = connection.cookies.get(cookies.ACCESS, "")
            is_safe = connection.scope["method"] in _SAFE
            # Another site's page can make the browser send the cookie along, but not this.
            if token and not is_safe:
                refuse_other_sites(connection, self._settings)
        if connection.scope["route_handler"].opt.get("integration"):
            return await self._a_host(connection, token.strip())
        actor = await self._accounts.actor_of(self._verify(connection, token.strip()))
        return AuthenticationResult(user=actor, auth=actor.session_id)

    async def _a_host(
        self, connection: ASGIConnection[Any, Any, Any, Any], token: str
    ) -> AuthenticationResult:
        """Routes for hosts' servers, which no person's token opens; a host's token opens nothing else."""
        self._pace.check_stranger(connection)
        host = await self._accounts.integrations.verify(token)
        return AuthenticationResult(user=host, auth=host.user_id)

    def _verify(self, connection: ASGIConnection[Any, Any, Any, Any], token: str) -> Claims:
        try:
            claims = self._accounts.verify(token)
        except Refused:
            self._pace.check_stranger(connection)
            raise
        self._pace.check_session(connection, claims.sid)
        return claims


def authentication(accounts: AccountsService, settings: Settings, pace: Pace) -> DefineMiddleware:
    """The middleware that the whole application is put behind."""
    return DefineMiddleware(Authentication, accounts=accounts, settings=settings, pace=pace)
