"""Signing in and out over REST, and what anybody may know about this server."""

from __future__ import annotations

from importlib.metadata import version
from typing import Annotated, Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import JSONBody
from msgspec import Meta, Struct

from sendjay.accounts import cookies
from sendjay.accounts.device_names import named
from sendjay.accounts.model import Login, Password
from sendjay.accounts.service import AccountsService, Device, SignedIn
from sendjay.actor import AccountKind, Actor
from sendjay.protocol.objects import Person
from sendjay.rest import client_address, is_https, refuse_other_sites
from sendjay.settings import Settings

BODY_BYTES = 16_384
VERSION = version("sendjay")
"""Read once: it lies in a file."""

Caller = Request[Any, Any, Any]
Accounts = NamedDependency[AccountsService]
Configured = NamedDependency[Settings]


class SignInRequest(Struct, forbid_unknown_fields=True):
    login: Login
    password: Password
    device: Device | None = None
    cookies: bool = False
    """Keep the tokens in cookies that no script can read, instead of in the answer."""


class SignUpRequest(SignInRequest, kw_only=True):
    name: Annotated[str, Meta(min_length=1, max_length=100)]


class RefreshRequest(Struct, forbid_unknown_fields=True):
    refresh_token: Annotated[str, Meta(max_length=200)] | None = None
    """Without it the cookie is used, and renewed."""
    attempt: Annotated[str, Meta(max_length=64)] = ""
    """A random key kept until the answer has come: asking again with it is not taken for a theft."""


class PasswordRequest(Struct, forbid_unknown_fields=True):
    current: Password
    new: Password


class HandoffRequest(Struct, forbid_unknown_fields=True):
    code: Annotated[str, Meta(max_length=2048)]
    origin: Annotated[str, Meta(max_length=255)]
    """Of the page that the code came from, as the browser says it."""
    device: Device | None = None
    cookies: bool = False


class SignInAnswer(Struct):
    user: Person
    kind: AccountKind
    session: str
    access_token: str | None
    access_expires_in: int
    """Seconds."""
    refresh_token: str | None


class ServerFacts(Struct):
    name: str
    version: str
    sign_up: bool
    receipts: str
    languages: list[str]
    portals: list[str]
    """Origins whose pages may have the messenger in them: a page of ours listens to no others."""


@post("/auth/sign-in", status_code=200, exclude_from_auth=True)
async def sign_in(
    data: JSONBody[SignInRequest], request: Caller, accounts: Accounts, settings: Configured
) -> Response[SignInAnswer]:
    """A new session, by id and password."""
    if data.cookies:
        # Nor may another site sign somebody in here, under a name of its choice.
        refuse_other_sites(request, settings)
    address = client_address(request, settings)
    signed_in = await accounts.sign_in(data.login, data.password, _device(data, request), address)
    return _answer(signed_in, request, settings, by_cookie=data.cookies)


@post("/auth/sign-up", status_code=200, exclude_from_auth=True)
async def sign_up(
    data: JSONBody[SignUpRequest], request: Caller, accounts: Accounts, settings: Configured
) -> Response[SignInAnswer]:
    """An account one makes for oneself, where the setting allows it; signed in at once."""
    if data.cookies:
        # Nor may another site sign somebody in here, under a name of its choice.
        refuse_other_sites(request, settings)
    address = client_address(request, settings)
    device = _device(data, request)
    signed_in = await accounts.sign_up(data.login, data.password, data.name, device, address)
    return _answer(signed_in, request, settings, by_cookie=data.cookies)


@post("/auth/refresh", status_code=200, exclude_from_auth=True)
async def refresh(
    data: JSONBody[RefreshRequest], request: Caller, accounts: Accounts, settings: Configured
) -> Response[SignInAnswer]:
    """New tokens for an old refresh token, which from then on is worth nothing."""
    by_cookie = data.refresh_token is None
    if by_cookie:
        refuse_other_sites(request, settings)
    token = request.cookies.get(cookies.REFRESH, "") if data.refresh_token is None else data.refresh_token
    return _answer(await accounts.refresh(token, data.attempt), request, settings, by_cookie=by_cookie)


@post("/auth/handoff", status_code=200, exclude_from_auth=True)
async def take_over(
    data: JSONBody[HandoffRequest], request: Caller, accounts: Accounts, settings: Configured
) -> Response[SignInAnswer]:
    """A new session for a window of the messenger, by the code of the portal's page that opened it."""
    # Another site must neither use a code it got hold of, nor sign somebody in under a name of its choice.
    refuse_other_sites(request, settings)
    device = named(data.device or Device(), request.headers.get("user-agent", ""))
    signed_in = await accounts.take_over(data.code, data.origin, device, client_address(request, settings))
    return _answer(signed_in, request, settings, by_cookie=data.cookies)


@post("/auth/sign-out", status_code=204)
async def sign_out(
    request: Request[Actor, Any, Any], accounts: Accounts, settings: Configured
) -> Response[None]:
    """Ends this session and its connections."""
    await accounts.sign_out(request.user)
    return Response(None, cookies=cookies.none(secure=is_https(request, settings)))


@post("/auth/password", status_code=204)
async def change_password(
    data: JSONBody[PasswordRequest],
    request: Request[Actor, Any, Any],
    accounts: Accounts,
    settings: Configured,
) -> None:
    """Ends the other sessions of this person."""
    await accounts.change_password(request.user, data.current, data.new, client_address(request, settings))


@get("/server", exclude_from_auth=True)
async def server_facts(settings: Configured) -> ServerFacts:
    """What anybody may know about this server."""
    return ServerFacts(
        name=settings.name,
        version=VERSION,
        sign_up=settings.sign_up,
        receipts=settings.receipts,
        languages=["ko", "en"],
        portals=list(settings.embed_origins),
    )


def create_router(accounts: AccountsService, settings: Settings) -> Router:
    return Router(
        "/api",
        route_handlers=[sign_in, sign_up, refresh, take_over, sign_out, change_password, server_facts],
        dependencies={
            "accounts": Provide(lambda: accounts, sync_to_thread=False),
            "settings": Provide(lambda: settings, sync_to_thread=False),
        },
        request_max_body_size=BODY_BYTES,
        tags=["accounts"],
    )


def _device(data: SignInRequest, request: Caller) -> Device:
    return named(data.device or Device(), request.headers.get("user-agent", ""))


def _answer(
    signed_in: SignedIn, request: Caller, settings: Settings, *, by_cookie: bool
) -> Response[SignInAnswer]:
    access, refresh_token = signed_in.access_token, signed_in.refresh_token
    answer = SignInAnswer(
        user=signed_in.person,
        kind=signed_in.actor.kind,
        session=signed_in.actor.session_id,
        access_token=None if by_cookie else access,
        access_expires_in=signed_in.access_expires_in,
        refresh_token=None if by_cookie else refresh_token,
    )
    kept = (
        cookies.tokens(
            access,
            signed_in.access_expires_in,
            refresh_token,
            settings.session_seconds,
            secure=is_https(request, settings),
        )
        if by_cookie
        else []
    )
    return Response(answer, cookies=kept, headers={"Cache-Control": "no-store"})
