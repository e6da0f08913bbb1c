"""What all REST routes share: refusals as answers, where a call comes from, which pages may use cookies."""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import structlog
from litestar import Request, Response
from litestar.connection import ASGIConnection
from litestar.datastructures import MutableScopeHeaders
from litestar.exceptions import HTTPException, InternalServerException, ValidationException
from litestar.types import ExceptionHandlersMap, Message, Scope
from msgspec import Struct

from sendjay.protocol.errors import RETRYABLE, SENTENCES, Code, Refused
from sendjay.protocol.replies import Refusal
from sendjay.settings import Settings

log = structlog.get_logger(__name__)

Connection = ASGIConnection[Any, Any, Any, Any]

STATUS: dict[Code, int] = {
    Code.MALFORMED: 400,
    Code.UNKNOWN_COMMAND: 405,
    Code.INVALID: 400,
    Code.TOO_LONG: 413,
    Code.TOO_MANY: 413,
    Code.TOO_LARGE: 413,
    Code.NO_ROOM: 413,
    Code.WRONG_KIND: 415,
    Code.HELLO_FIRST: 401,
    Code.UNAUTHORIZED: 401,
    Code.DEVICE_REMOVED: 401,
    Code.BAD_TICKET: 403,
    Code.PARKED: 409,
    Code.WRONG_PASSWORD: 403,
    Code.NOT_ALLOWED: 403,
    Code.BLOCKED: 403,
    Code.NOT_FOUND: 404,
    Code.KEY_REUSED: 409,
    Code.CONFLICT: 409,
    Code.RATE_LIMITED: 429,
    Code.BUSY: 503,
    Code.INTERNAL: 500,
}
"""A wrong password is no 401: that one tells a client to renew its token and try again."""

_CODES = {401: Code.UNAUTHORIZED, 403: Code.NOT_ALLOWED, 404: Code.NOT_FOUND, 405: Code.UNKNOWN_COMMAND,
          413: Code.TOO_LONG, 429: Code.RATE_LIMITED, 503: Code.BUSY}  # fmt: skip


# The description of the API is plain HTML with a style of its own.
_NO_PAGE = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
_GONE = "client disconnected prematurely"


class ErrorAnswer(Struct, frozen=True):
    """The body of every answer that is not a good one."""

    error: Refusal


def refused_to_response(_request: Request[Any, Any, Any], refused: Refused) -> Response[ErrorAnswer]:
    headers: dict[str, str] = {"Cache-Control": "no-store"}
    if refused.retry_after_ms is not None:
        headers["Retry-After"] = str(-(-refused.retry_after_ms // 1000))
    if refused.code is Code.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    answer = _answer(refused.code, refused.message, refused.retry_after_ms)
    return Response(answer, status_code=STATUS[refused.code], headers=headers, media_type="application/json")


def http_error_to_response(request: Request[Any, Any, Any], error: HTTPException) -> Response[ErrorAnswer]:
    """What the framework refuses by itself: unknown paths, wrong methods, bodies that do not fit."""
    status = error.status_code
    if isinstance(error, InternalServerException) and error.detail == _GONE:
        # Nobody hears this; it is no fault of ours to be told in the log.
        return refused_to_response(request, Refused(Code.MALFORMED))
    if status >= 500 and status != 503:
        return unexpected_to_response(request, error)
    message = None
    if isinstance(error, ValidationException):
        code, message = Code.INVALID, _what_is_invalid(error.extra)
    else:
        code = _CODES.get(status, Code.MALFORMED)
    headers = {"Cache-Control": "no-store", **(error.headers or {})}
    answer = _answer(code, message or SENTENCES[code])
    return Response(answer, status_code=status, headers=headers, media_type="application/json")


def unexpected_to_response(request: Request[Any, Any, Any], error: Exception) -> Response[ErrorAnswer]:
    """A fault of ours: told in the log (where it happened, never what was in it), not to the caller."""
    if isinstance(error, RecursionError | UnicodeError):
        # JSON nested too deep to decode, or text that is no UTF-8.
        return refused_to_response(request, Refused(Code.MALFORMED))
    places = _places(error)
    log.error("rest.failed", error=type(error).__name__, path=request.url.path, places=places)
    return refused_to_response(request, Refused(Code.INTERNAL))


EXCEPTION_HANDLERS: ExceptionHandlersMap = {
    Refused: refused_to_response,
    HTTPException: http_error_to_response,
    Exception: unexpected_to_response,
}


def _answer(code: Code, message: str, retry_after_ms: int | None = None) -> ErrorAnswer:
    return ErrorAnswer(Refusal(code.value, message, code in RETRYABLE, retry_after_ms))


def _what_is_invalid(extra: object) -> str | None:
    """The framework's first complaint, such as "Expected `str`, got `int` (login)"."""
    match extra:
        case [{"message": str(message), "key": str(key)}, *_]:
            return f"{message} ({key})"
        case [{"message": str(message)}, *_]:
            return message
        case _:
            return None


def _places(error: BaseException) -> list[str]:
    found: list[str] = []
    trace = error.__traceback__
    while trace is not None:
        found.append(f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}")
        trace = trace.tb_next
    return found[-8:]


async def add_safe_headers(message: Message, scope: Scope) -> None:
    """What holds for every answer that does not say otherwise: it is no page, nobody frames it or guesses at
    its type, and what the API tells of people stays in no cache.
    """
    if message["type"] != "http.response.start":
        return
    headers = MutableScopeHeaders.from_message(message)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Content-Security-Policy", _NO_PAGE)
    if scope["path"].startswith("/api/"):
        headers.setdefault("Cache-Control", "no-store")


def https_only(seconds: int) -> Callable[[Message, Scope], Awaitable[None]]:
    """For who came by https (a trusted proxy's word for it included): never by http again, for so long."""

    async def add(message: Message, scope: Scope) -> None:
        if seconds and message["type"] == "http.response.start" and scope["scheme"] == "https":
            headers = MutableScopeHeaders.from_message(message)
            headers["Strict-Transport-Security"] = f"max-age={seconds}"

    return add


# Who is calling


def is_held(tag: str, if_none_match: str) -> bool:
    """Has the browser got what this ETag names (RFC 9110, 13.1.2)? A proxy that compresses may have weakened
    the tag.
    """
    return any(each.strip().removeprefix("W/") in (tag, "*") for each in if_none_match.split(","))


def client_address(connection: Connection, settings: Settings) -> str:
    """The address somebody calls from. X-Forwarded-For counts only as far as trusted proxies wrote it."""
    address = connection.client.host if connection.client else ""
    for claimed in reversed(connection.headers.get("x-forwarded-for", "").split(",")):
        if not _is_trusted(address, settings) or not claimed.strip():
            break
        address = claimed.strip()
    return address[:64]


def is_https(connection: Connection, settings: Settings) -> bool:
    """Over https, also where a trusted proxy took that off."""
    peer = connection.client.host if connection.client else ""
    forwarded = connection.headers.get("x-forwarded-proto", "") if _is_trusted(peer, settings) else ""
    return connection.scope["scheme"] in ("https", "wss") or forwarded.strip().lower() == "https"


def is_own_page(connection: Connection, settings: Settings) -> bool:
    """Was this sent by a page of ours? Stops requests that other sites forge with our cookie."""
    if connection.headers.get("sec-fetch-site") in ("same-origin", "none"):
        return True
    # Browsers leave Sec-Fetch-Site out on plain http, and old ones always.
    return origin_is_allowed(connection.headers.get("origin"), connection.headers.get("host"), settings)


def refuse_other_sites(connection: Connection, settings: Settings) -> None:
    """Raises Refused where `is_own_page` is False."""
    if not is_own_page(connection, settings):
        message = (
            "This did not come from a page of this server. Behind a proxy, set public_url or allowed_origins."
        )
        raise Refused(Code.NOT_ALLOWED, message)


def is_portal_page(connection: Connection, settings: Settings) -> bool:
    """A page that may embed the messenger, and is none of ours: it has a token, or it has nothing."""
    origin = connection.headers.get("origin")
    return origin in settings.embed_origins and not origin_is_allowed(
        origin, connection.headers.get("host"), settings
    )


def origin_is_allowed(origin: str | None, host: str | None, settings: Settings) -> bool:
    """Is it this very host, the public address or one of the allowed origins? `null` is not."""
    if not origin:
        return False
    known = {_origin(address) for address in (settings.public_url, *settings.allowed_origins) if address}
    try:
        named, page = _origin(origin), urlsplit(origin).netloc.lower()
    except ValueError:
        return False
    return named in known or (bool(page) and host is not None and page == host.lower())


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}".lower()


def _is_trusted(address: str, settings: Settings) -> bool:
    if not settings.trusted_proxies:
        return False
    try:
        caller = ipaddress.ip_address(address)
        return any(caller in ipaddress.ip_network(proxy, strict=False) for proxy in settings.trusted_proxies)
    except ValueError:
        return False
