"""Socket commands of search."""

from __future__ import annotations

from sendjay.protocol.commands import SearchAll, SearchRoom
from sendjay.protocol.replies import HitsAnswer, SearchAnswer
from sendjay.realtime.actors import actor_of
from sendjay.realtime.dispatch import Dispatcher
from sendjay.realtime.session import Session
from sendjay.search.model import query_for
from sendjay.search.service import SearchService


def register(dispatcher: Dispatcher, service: SearchService) -> None:
    """Answer search.* on the socket."""

    async def in_room(session: Session, asked: SearchRoom) -> SearchAnswer:
        query = query_for(asked.text, asked.sender, asked.kinds, asked.since, asked.until)
        return await service.in_room(actor_of(session), asked.room, query, asked.before, asked.limit)

    async def everywhere(session: Session, asked: SearchAll) -> HitsAnswer:
        query = query_for(asked.text, asked.sender, asked.kinds, asked.since, asked.until)
        return await service.everywhere(actor_of(session), query, asked.after, asked.limit)

    dispatcher.on(SearchRoom, in_room)
    dispatcher.on(SearchAll, everywhere)
