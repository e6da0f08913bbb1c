"""Previews in the background: a bounded line of links, looked up one by one, and put under their messages."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from functools import partial
from typing import NamedTuple

import sqlalchemy as sa
import structlog
from msgspec.structs import replace

from sendjay.actor import Actor
from sendjay.messages.service import MessagesService, access_message
from sendjay.previews import store
from sendjay.previews.addresses import Resolver, networks
from sendjay.previews.fetching import Fetcher
from sendjay.previews.model import first_link
from sendjay.protocol.errors import Code, Refused
from sendjay.protocol.objects import Preview
from sendjay.realtime.allowance import Allowances
from sendjay.settings import Settings
from sendjay.storage.database import Database
from sendjay.storage.writer import Writer

WAITING_MOST = 200
AT_ONCE = 2
KEPT_MOST = 2_000
STILL_USED_MS = 30 * 86_400_000
PICTURES_PER_SECOND, PICTURES_BURST = 1 / 60, 60
"""New ones that somebody may bring here: each is kept for long, and taking a message back frees nothing."""
KEPT_SECONDS = 3_600.0
"""Also of links behind which nothing was found: nobody's server is asked again and again."""

MakeSmall = Callable[[bytes], Awaitable[bytes | None]]
"""A small picture of an image; None where it is none, or too little to be shown."""

log = structlog.get_logger(__name__)


class _Wanted(NamedTuple):
    room_id: str
    seq: int
    sender: str
    url: str


def has_link(body: str) -> bool:
    return "://" in body


class Previews:
    """On the node that has taken the message."""

    def __init__(
        self,
        database: Database,
        writer: Writer,
        settings: Settings,
        messages: MessagesService,
        make_small: MakeSmall,
    ) -> None:
        self._database = database
        self._writer = writer
        self._messages = messages
        self._make_small = make_small
        self._pace = Allowances(PICTURES_PER_SECOND, PICTURES_BURST)
        self._resolver = Resolver()
        self._fetcher = Fetcher(self._resolver, networks(settings.preview_networks))
        self._waiting: asyncio.Queue[_Wanted] = asyncio.Queue(WAITING_MOST)
        self._kept: OrderedDict[str, tuple[float, Preview | None]] = OrderedDict()
        self._tasks: list[asyncio.Task[None]] = []
        if settings.link_previews:
            messages.when_said(has_link, self.want)

    def start(self) -> None:
        self._tasks = [asyncio.ensure_future(self._go_on()) for _ in range(AT_ONCE)]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._resolver.close()

    async def picture(self, actor: Actor, room_id: str, seq: int, image: str) -> bytes:
        """What a message that the actor sees has under this id. Raises Refused(NOT_FOUND)."""

        def read(connection: sa.Connection) -> tuple[store.Picture, int]:
            _, message = access_message(connection, actor, room_id, seq)
            shown = message.preview is not None and message.preview.image == image
            picture = store.picture(connection, image) if shown else None
            if picture is None:
                raise Refused(Code.NOT_FOUND)
            return picture, self._database.clock(connection)

        picture, now = await self._database.read(read)
        if now - picture.used_at > STILL_USED_MS:
            # Passed on, it stands under messages that are younger than the one it was fetched for.
            with contextlib.suppress(Refused):
                await self._writer.run(partial(store.use_picture, picture_id=image))
        return picture.image

    def want(self, room_id: str, seq: int, sender: str, body: str) -> None:
        """A message with a link is on disk. Where too many wait, it has no preview."""
        url = first_link(body)
        if url is not None:
            with contextlib.suppress(asyncio.QueueFull):
                self._waiting.put_nowait(_Wanted(room_id, seq, sender, url))

    async def _go_on(self) -> None:
        while True:
            wanted = await self._waiting.get()
            try:
                preview = await self._look_up(wanted.url, wanted.sender)
                if preview is not None:
                    if preview.image:
                        # It may have been kept for another message, a while ago.
                        await self._writer.run(partial(store.use_picture, picture_id=preview.image))
                    await self._messages.put_preview(wanted.room_id, wanted.seq, wanted.sender, preview)
            except Refused as refused:
                # Taken back, changed, or its sender gone meanwhile.
                log.debug("previews.not_put", code=str(refused.code))
            except Exception:
                log.exception("previews.failed")

    async def _look_up(self, url: str, sender: str) -> Preview | None:
        now = time.monotonic()
        kept = self._kept.get(url)
        if kept is not None and now < kept[0]:
            return kept[1]
        page = await self._fetcher.page(url)
        preview = page and page.preview
        if page and page.picture:
            if self._pace.take(sender):
                return preview  # others may still bring its picture
            preview = replace(page.preview, image=await self._take_picture(page.picture))
        self._kept[url] = (now + KEPT_SECONDS, preview)
        while len(self._kept) > KEPT_MOST:
            self._kept.popitem(last=False)
        return preview

    async def _take_picture(self, url: str) -> str:
        """The id under which a small one is kept; empty where there is none to show."""
        whole = await self._fetcher.picture(url)
        small = await self._make_small(whole) if whole else None
        if small is None:
            return ""
        picture_id = hashlib.sha256(small).hexdigest()[:32]
        await self._writer.run(partial(store.put_picture, picture_id=picture_id, image=small))
        return picture_id
