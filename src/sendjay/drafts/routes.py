"""REST of drafts."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request, Router, get, put
from litestar.params import JSONBody
from msgspec import Meta, Struct

from sendjay.actor import Actor
from sendjay.drafts.service import DraftsService
from sendjay.protocol.commands import Id
from sendjay.protocol.objects import Draft
from sendjay.protocol.replies import DraftAnswer

ActorRequest = Request[Actor, Any, Any]


class DraftText(Struct, forbid_unknown_fields=True):
    text: Annotated[str, Meta(max_length=4000)]


class DraftsAnswer(Struct):
    drafts: list[Draft]


def create_router(service: DraftsService) -> Router:
    @put("/rooms/{room_id:str}/draft")
    async def put_draft(request: ActorRequest, room_id: Id, data: JSONBody[DraftText]) -> DraftAnswer:
        """What I have begun to write in this room; an empty text takes it away."""
        return await service.set(request.user, room_id, data.text)

    @get("/me/drafts")
    async def list_drafts(request: ActorRequest) -> DraftsAnswer:
        """What I have begun to write, the newest first."""
        return DraftsAnswer(await service.all(request.user))

    return Router("/api", route_handlers=[put_draft, list_drafts], tags=["drafts"])
