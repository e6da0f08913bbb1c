"""Serves the built web client: its page for every address that is not the API's, its assets for ever."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from litestar import Response, Router, get
from litestar.response import File

DIST = Path(__file__).parent / "web_dist"

# Only our own files and our own socket; nothing inline, nothing framed by others.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob: data:",
        "font-src 'self'",
        "connect-src 'self' ws: wss:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    )
)
PAGE_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
ASSET_HEADERS = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}

mimetypes.add_type("font/woff2", ".woff2")
mimetypes.add_type("text/javascript", ".js")


def create_router(dist: Path = DIST) -> Router:
    page = dist / "index.html"
    html = page.read_bytes() if page.is_file() else None
    known = {path.relative_to(dist).as_posix() for path in dist.rglob("*") if path.is_file()}

    @get(["/", "/people", "/chats", "/chats/{room:str}", "/settings", "/sign-in"], exclude_from_auth=True,
         include_in_schema=False)  # fmt: skip
    async def client_page() -> Response[bytes]:
        """The client finds its own way from here."""
        if html is None:
            text = "The web client has not been built: run `make setup`.\n"
            return Response(text.encode(), status_code=503, media_type="text/plain")
        return Response(html, media_type="text/html; charset=utf-8", headers=PAGE_HEADERS)

    @get("/assets/{path:path}", exclude_from_auth=True, include_in_schema=False, sync_to_thread=True)
    def asset(path: Path) -> Response[bytes] | File:
        # Only names that were there at the start: no path can lead outside.
        name = f"assets/{path.as_posix().lstrip('/')}"
        if name not in known:
            return Response(b"", status_code=404)
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return File(dist / name, content_disposition_type="inline", media_type=kind, headers=ASSET_HEADERS)

    return Router("/", route_handlers=[client_page, asset])
