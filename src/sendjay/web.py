"""Serves the built web client: its page for every address that is not the API's, its assets for ever."""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from litestar import Request, Response, Router, get
from litestar.response import File

from sendjay.rest import is_held

DIST = Path(__file__).parent / "web_dist"

IMAGES = "img-src 'self' blob: data:"
# Only our own files and our own socket; nothing inline. Who may frame a page is said with each.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        IMAGES,
        "font-src 'self'",
        "connect-src 'self' ws: wss:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
    )
)
PAGE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
SCRIPT_HEADERS = {
    "Cache-Control": "no-cache",
    "X-Content-Type-Options": "nosniff",
    # Portals load it from their own pages, also those that take nothing from elsewhere unless it says so.
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
ASSET_HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
    # The script in portals' pages fetches its second file as a module. Nothing here is anybody's own.
    "Access-Control-Allow-Origin": "*",
}

mimetypes.add_type("font/woff2", ".woff2")
mimetypes.add_type("text/javascript", ".js")


def create_router(embed_origins: Sequence[str] = (), dist: Path = DIST) -> Router:
    """`embed_origins`: whose pages may have the messenger in a panel."""
    html, script = _read(dist / "index.html"), _read(dist / "embed.js")
    known = {path.relative_to(dist).as_posix() for path in dist.rglob("*") if path.is_file()}

    @get(["/", "/people", "/chats", "/chats/{room:str}", "/settings", "/sign-in"], exclude_from_auth=True,
         include_in_schema=False)  # fmt: skip
    async def client_page() -> Response[bytes]:
        """The client finds its own way from here."""
        return _page(html, [], embed_origins)

    @get("/panel", exclude_from_auth=True, include_in_schema=False)
    async def panel() -> Response[bytes]:
        """The same, for a frame in a portal's page."""
        return _page(html, embed_origins, embed_origins)

    @get("/embed.js", exclude_from_auth=True, include_in_schema=False)
    async def embed_script(request: Request[Any, Any, Any]) -> Response[bytes]:
        """What a portal puts into its pages."""
        return _script(script, request.headers.get("if-none-match", ""))

    @get("/assets/{path:path}", exclude_from_auth=True, include_in_schema=False, sync_to_thread=True)
    def asset(path: Path) -> Response[bytes] | File:
        # Only names that were there at the start: no path can lead outside.
        name = f"assets/{path.as_posix().lstrip('/')}"
        if name not in known:
            return Response(b"", status_code=404)
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return File(dist / name, content_disposition_type="inline", media_type=kind, headers=ASSET_HEADERS)

    return Router("/", route_handlers=[client_page, panel, embed_script, asset])


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _page(html: bytes | None, framed_by: Sequence[str], pictures_of: Sequence[str]) -> Response[bytes]:
    """`pictures_of`: portals, whose pictures of items are shown."""
    if html is None:
        text = "The web client has not been built: run `make setup`.\n"
        return Response(text.encode(), status_code=503, media_type="text/plain")
    framing = " ".join(("frame-ancestors 'self'", *framed_by))
    policy = CONTENT_SECURITY_POLICY.replace(IMAGES, " ".join((IMAGES, *pictures_of)))
    headers = PAGE_HEADERS | {"Content-Security-Policy": f"{policy}; {framing}"}
    return Response(html, media_type="text/html", headers=headers)


def _script(script: bytes | None, held: str) -> Response[bytes]:
    """`held`: the If-None-Match header."""
    if script is None:
        text = "The script for portals has not been built: run `make setup`.\n"
        return Response(text.encode(), status_code=404, media_type="text/plain", headers=SCRIPT_HEADERS)
    tag = f'"{hashlib.sha256(script).hexdigest()[:16]}"'
    headers = SCRIPT_HEADERS | {"ETag": tag}
    if is_held(tag, held):
        return Response(b"", status_code=304, media_type="text/javascript", headers=headers)
    return Response(script, media_type="text/javascript", headers=headers)
