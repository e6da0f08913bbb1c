"""Socket command of the news."""

from __future__ import annotations

from sendjay.notify.service import NotifyService
from sendjay.protocol.commands import NewsGet
from sendjay.protocol.replies import NewsAnswer
from sendjay.realtime.actors import actor_of
from sendjay.realtime.dispatch import Dispatcher
from sendjay.realtime.session import Session


def register(dispatcher: Dispatcher, notify: NotifyService) -> None:
    """Answer news.get on the socket."""

    async def news(session: Session, command: NewsGet) -> NewsAnswer:
        return await notify.news(actor_of(session), command.since)

    dispatcher.on(NewsGet, news)
