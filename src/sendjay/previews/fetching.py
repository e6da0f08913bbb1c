"""Fetches a page for its preview, and its picture: little, briefly, without a word of who asks for whom."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

import httpcore

from sendjay.previews.addresses import Network, PinnedBackend, Resolve
from sendjay.previews.model import URL_LENGTH, Page, has_head, read_page

SECONDS_MOST = 6.0
"""For all of it, redirects included."""
PAGE_BYTES = 524_288
PICTURE_BYTES = 5_000_000
PIECES_MOST = 10_000
TAG_BYTES = 64
"""The tag that ends a head may come in two pieces."""
REDIRECTS = 3
_TIMEOUTS = {"connect": 3.0, "read": 3.0, "write": 3.0, "pool": 3.0}
_HEADERS = [
    (b"User-Agent", b"Sendjay-Preview/1"),
    # What is packed could unpack to anything.
    (b"Accept-Encoding", b"identity"),
    (b"Accept-Language", b"ko,en;q=0.8"),
]
_MOVED = {301, 302, 303, 307, 308}


class _Wish(NamedTuple):
    """What is asked for, and how much of it is taken."""

    kinds: tuple[str, ...]
    read: Callable[[httpcore.Response], Awaitable[bytes | None]]


class _Found(NamedTuple):
    at: str
    body: bytes
    charset: str


class Fetcher:
    def __init__(self, resolve: Resolve, allowed: Sequence[Network]) -> None:
        self._resolve = resolve
        self._allowed = allowed

    async def page(self, url: str) -> Page | None:
        """None where nothing can be had, for whatever reason: a preview is never worth a complaint."""
        found = await self._fetch(url, _PAGE)
        return found and read_page(url, found.at, found.body, found.charset)

    async def picture(self, url: str) -> bytes | None:
        """The file of a picture, as it is; the same."""
        found = await self._fetch(url, _PICTURE)
        return found and found.body

    async def _fetch(self, url: str, wish: _Wish) -> _Found | None:
        try:
            async with asyncio.timeout(SECONDS_MOST):
                return await self._follow(url, wish)
        except (TimeoutError, OSError, ValueError, httpcore.NetworkError, httpcore.ProtocolError):
            return None
        except (httpcore.TimeoutException, httpcore.UnsupportedProtocol):
            return None

    async def _follow(self, url: str, wish: _Wish) -> _Found | None:
        at = url
        for _ in range(REDIRECTS + 1):
            answer = await self._ask(at, wish)
            if not isinstance(answer, str):
                return answer
            at = urljoin(at, answer)
        return None

    async def _ask(self, url: str, wish: _Wish) -> _Found | str | None:
        """What was wished for, where it has moved to, or nothing."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or "@" in parts.netloc or len(url) > URL_LENGTH:
            return None
        backend = PinnedBackend(self._resolve, self._allowed)
        headers = [*_HEADERS, (b"Accept", ",".join(wish.kinds).encode())]
        # A pool for one question: no connection of another name's is ever used again.
        async with (
            httpcore.AsyncConnectionPool(network_backend=backend, max_connections=1) as pool,
            pool.stream("GET", _asked(url), headers=headers, extensions={"timeout": _TIMEOUTS}) as answer,
        ):
            said = {name.lower(): value.decode("latin-1") for name, value in answer.headers}
            if answer.status in _MOVED:
                return said.get(b"location")
            kind, _, rest = said.get(b"content-type", "").partition(";")
            if answer.status != 200 or kind.strip().lower() not in wish.kinds:
                return None
            if said.get(b"content-encoding", "identity").strip().lower() not in ("", "identity"):
                return None
            body = await wish.read(answer)
            if body is None:
                return None
            return _Found(url, body, rest.partition("charset=")[2].strip(" \"'")[:40])


async def _pieces(answer: httpcore.Response) -> AsyncGenerator[bytes]:
    """As many pieces as are sent by who means no harm."""
    count = 0
    async for piece in answer.aiter_stream():
        yield piece
        count += 1
        if count == PIECES_MOST:
            return
        # What has come in one go is given out without a pause: everybody else would wait for thousands.
        await asyncio.sleep(0)


async def _beginning(answer: httpcore.Response) -> bytes | None:
    page = bytearray()
    async for piece in _pieces(answer):
        since = max(0, len(page) - TAG_BYTES)
        page += piece
        if len(page) >= PAGE_BYTES or has_head(page, since):
            break
    return bytes(page[:PAGE_BYTES])


async def _whole(answer: httpcore.Response) -> bytes | None:
    """None where it is too large: half a picture is none."""
    picture = bytearray()
    async for piece in _pieces(answer):
        picture += piece
        if len(picture) > PICTURE_BYTES:
            return None
    return bytes(picture)


_PAGE = _Wish(("text/html", "application/xhtml+xml"), _beginning)
_PICTURE = _Wish(("image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"), _whole)


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
