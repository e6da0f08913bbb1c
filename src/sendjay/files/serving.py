"""How a file is answered: not at all, as it is held already, in part or whole; by us, or by nginx for us."""

from __future__ import annotations

from typing import Any, NamedTuple

from litestar.response.base import ASGIResponse

from sendjay.actor import Actor
from sendjay.files.answer import AnswersAtOnce, FileAnswer, Source
from sendjay.files.headers import headers_of, tag_of
from sendjay.files.looking import thumb_of
from sendjay.files.ranges import Span, Unsatisfiable, span_of
from sendjay.files.service import FilesService
from sendjay.protocol.errors import Code, Refused
from sendjay.rest import is_held
from sendjay.settings import Settings


class Wish(NamedTuple):
    """What somebody asks for, in the words of HTTP."""

    file_id: str
    as_download: bool = False
    as_thumb: bool = False
    """The small picture of it."""
    is_head: bool = False
    held: str = ""
    """If-None-Match"""
    range: str | None = None
    if_range: str | None = None


class Serving:
    def __init__(self, files: FilesService, settings: Settings) -> None:
        self._files = files
        self._accel = settings.file_accel.rstrip("/")
        self._at_once = AnswersAtOnce()

    async def answer(self, actor: Actor, wish: Wish) -> ASGIResponse:
        """Raises Refused."""
        row = await self._files.get(actor, wish.file_id)
        if wish.as_thumb:
            return await self._small(row, wish)
        headers = headers_of(row, as_download=wish.as_download)
        if is_held(tag_of(row), wish.held):
            return _without_body(304, headers, is_head=wish.is_head)
        place = self._files.depot.place(wish.file_id) if self._accel else None
        if place is not None:
            # nginx finds out itself which part is asked for.
            del headers["ETag"]
            headers["X-Accel-Redirect"] = f"{self._accel}/{place}"
            return _without_body(200, headers, is_head=wish.is_head)
        if wish.is_head:
            # A range is a matter of GET alone.
            return _without_body(200, headers | {"Content-Length": str(row.size)}, is_head=True)
        return self._send(actor, row, wish, headers)

    async def _small(self, row: Any, wish: Wish) -> ASGIResponse:
        """Small enough to be read at once."""
        if not row.thumb:
            raise Refused(Code.NOT_FOUND)
        headers = headers_of(row, as_download=False) | {
            "Content-Type": "image/webp",
            "Content-Disposition": "inline",
            "ETag": f'"{row.file_id}-thumb"',
        }
        del headers["Accept-Ranges"]
        if is_held(headers["ETag"], wish.held):
            return _without_body(304, headers, is_head=wish.is_head)
        body = await self._files.read_whole(thumb_of(wish.file_id))
        return ASGIResponse(
            headers=headers,
            body=b"" if wish.is_head else body,
            media_type="image/webp",
            is_head_response=wish.is_head,
        )

    def _send(self, actor: Actor, row: Any, wish: Wish, headers: dict[str, str]) -> ASGIResponse:
        is_same = wish.if_range is None or wish.if_range == tag_of(row)
        try:
            span = span_of(wish.range if is_same else None, row.size)
        except Unsatisfiable:
            # No media type: there is nothing of the file in it.
            told = {"Content-Range": f"bytes */{row.size}", "Cache-Control": "no-store"}
            return _without_body(416, told)
        if span is not None:
            headers["Content-Range"] = f"bytes {span.start}-{span.end - 1}/{row.size}"

        async def still_seen() -> bool:
            try:
                await self._files.get(actor, wish.file_id)
            except Refused:
                return False
            return True

        return FileAnswer(
            Source(actor.user_id, lambda: self._files.open(wish.file_id), still_seen),
            span or Span(0, row.size),
            self._files.threads,
            self._at_once,
            headers=headers,
            status=200 if span is None else 206,
        )


def _without_body(status: int, headers: dict[str, str], *, is_head: bool = False) -> ASGIResponse:
    return ASGIResponse(
        headers=headers,
        status_code=status,
        media_type=headers.get("Content-Type", "application/octet-stream"),
        is_head_response=is_head,
    )
