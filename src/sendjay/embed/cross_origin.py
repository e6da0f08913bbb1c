"""CORS for the pages of portals: they may call the API with a token, and nobody's cookies go along."""

from __future__ import annotations

from collections.abc import Collection

from litestar.datastructures import Headers, MutableScopeHeaders
from litestar.types import ASGIApp, Message, Receive, Scope, Send

_PREFLIGHT = (
    (b"access-control-allow-methods", b"GET, POST, PATCH, PUT, DELETE"),
    (b"access-control-allow-headers", b"authorization, content-type"),
    (b"access-control-max-age", b"600"),
)


def let_in(app: ASGIApp, origins: Collection[str]) -> ASGIApp:
    """`app`, whose API answers pages of these origins too. It lies around everything else, so that what goes
    wrong can be read as well. Nothing ever says that credentials are allowed.
    """
    if not origins:
        return app
    allowed = frozenset(origins)

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/api/"):
            await app(scope, receive, send)
            return
        headers = Headers.from_scope(scope)
        origin = headers.get("origin", "")
        is_allowed = origin in allowed
        if is_allowed and scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            await _answer_preflight(origin, send)
            return

        async def send_named(message: Message) -> None:
            if message["type"] == "http.response.start":
                named = MutableScopeHeaders.from_message(message)
                named.add("Vary", "Origin")
                if is_allowed:
                    named["Access-Control-Allow-Origin"] = origin
            await send(message)

        await app(scope, receive, send_named)

    return serve


async def _answer_preflight(origin: str, send: Send) -> None:
    headers = [*_PREFLIGHT, (b"access-control-allow-origin", origin.encode()), (b"vary", b"Origin")]
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body", "body": b"", "more_body": False})
