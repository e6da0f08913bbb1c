"""Fetches a page for its preview: little of it, not for long, without a word of who asks for whom."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from urllib.parse import urljoin, urlsplit

import httpcore

from sendjay.previews.addresses import Network, PinnedBackend, Resolve
from sendjay.previews.model import URL_LENGTH, head_of, preview_of
from sendjay.protocol.objects import Preview

SECONDS_MOST = 6.0
"""For all of it, redirects included."""
PAGE_BYTES = 524_288
REDIRECTS = 3
_TIMEOUTS = {"connect": 3.0, "read": 3.0, "write": 3.0, "pool": 3.0}
_HEADERS = [
    (b"User-Agent", b"Sendjay-Preview/1"),
    (b"Accept", b"text/html,application/xhtml+xml"),
    # What is packed could unpack to anything.
    (b"Accept-Encoding", b"identity"),
    (b"Accept-Language", b"ko,en;q=0.8"),
]
_MOVED = {301, 302, 303, 307, 308}
_PAGES = ("text/html", "application/xhtml+xml")


class Fetcher:
    def __init__(self, resolve: Resolve, allowed: Sequence[Network]) -> None:
        self._resolve = resolve
        self._allowed = allowed

    async def preview(self, url: str) -> Preview | None:
        """None where nothing can be had, for whatever reason: a preview is never worth a complaint."""
        try:
            async with asyncio.timeout(SECONDS_MOST):
                return await self._follow(url)
        except (TimeoutError, OSError, ValueError, httpcore.NetworkError, httpcore.ProtocolError):
            return None
        except (httpcore.TimeoutException, httpcore.UnsupportedProtocol):
            return None

    async def _follow(self, url: str) -> Preview | None:
        at = url
        for _ in range(REDIRECTS + 1):
            answer = await self._ask(at)
            if answer is None:
                return None
            if isinstance(answer, str):
                at = urljoin(at, answer)
                continue
            page, charset = answer
            return preview_of(url, page, charset)
        return None

    async def _ask(self, url: str) -> tuple[bytes, str] | str | None:
        """A page and what it says it is written in, where it has moved to, or nothing."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or "@" in parts.netloc or len(url) > URL_LENGTH:
            return None
        backend = PinnedBackend(self._resolve, self._allowed)
        # A pool for one question: no connection of another name's is ever used again.
        async with (
            httpcore.AsyncConnectionPool(network_backend=backend, max_connections=1) as pool,
            pool.stream("GET", _asked(url), headers=_HEADERS, extensions={"timeout": _TIMEOUTS}) as answer,
        ):
            headers = {name.lower(): value.decode("latin-1") for name, value in answer.headers}
            if answer.status in _MOVED:
                return headers.get(b"location")
            kind, _, rest = headers.get(b"content-type", "").partition(";")
            if answer.status != 200 or kind.strip().lower() not in _PAGES:
                return None
            if headers.get(b"content-encoding", "identity").strip().lower() not in ("", "identity"):
                return None
            return await _beginning(answer), rest.partition("charset=")[2].strip(" \"'")[:40]


async def _beginning(answer: httpcore.Response) -> bytes:
    page = b""
    async for piece in answer.aiter_stream():
        page += piece
        if len(page) >= PAGE_BYTES or len(head_of(page)) < len(page):
            break
    return page[:PAGE_BYTES]


def _asked(url: str) -> str:
    """As it goes over the line: names in their ASCII form, all else escaped."""
    parts = urlsplit(url)
    host = (parts.hostname or "").encode("idna").decode() if parts.hostname else ""
    if ":" in host:
        host = f"[{host}]"
    port = f":{parts.port}" if parts.port else ""
    path = "".join(each if each.isascii() else _escaped(each) for each in parts.path or "/")
    query = "".join(each if each.isascii() else _escaped(each) for each in parts.query)
    return f"{parts.scheme}://{host}{port}{path}{'?' if query else ''}{query}"


def _escaped(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode())
