"""REST of search: the same answers as the socket gives."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request, Router, get
from litestar.params import Parameter

from sendjay.actor import Actor
from sendjay.protocol.commands import Id, SearchKind
from sendjay.protocol.replies import HitsAnswer, SearchAnswer
from sendjay.search.model import query_for
from sendjay.search.service import SearchService

ActorRequest = Request[Actor, Any, Any]
Number = Annotated[int, Parameter(ge=0, le=2**53 - 1)]
Text = Annotated[str, Parameter(max_length=200)]
Sender = Annotated[str, Parameter(max_length=64)]
Limit = Annotated[int, Parameter(ge=1, le=50)]


def create_router(service: SearchService) -> Router:
    @get("/api/rooms/{room_id:str}/search")
    async def in_room(
        request: ActorRequest,
        room_id: Id,
        text: Text = "",
        sender: Sender = "",
        kinds: list[SearchKind] | None = None,
        since: Number = 0,
        until: Number = 0,
        before: Number = 0,
        limit: Limit = 30,
    ) -> SearchAnswer:
        """Messages of a room with all these words, of this sender, with any of these kinds, of these days."""
        query = query_for(text, sender, kinds or [], since, until)
        return await service.in_room(request.user, room_id, query, before, limit)

    @get("/api/search")
    async def everywhere(
        request: ActorRequest,
        text: Text = "",
        sender: Sender = "",
        kinds: list[SearchKind] | None = None,
        since: Number = 0,
        until: Number = 0,
        after: Text = "",
        limit: Limit = 30,
    ) -> HitsAnswer:
        """The same in all rooms of my list."""
        query = query_for(text, sender, kinds or [], since, until)
        return await service.everywhere(request.user, query, after, limit)

    return Router("/", route_handlers=[in_room, everywhere], tags=["search"])
