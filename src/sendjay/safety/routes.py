"""REST of safety: the same as by the socket, and the administrator's list of reports."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from litestar import Request, Router, delete, get, post, put
from litestar.params import JSONBody, Parameter
from litestar.status_codes import HTTP_200_OK
from msgspec import Meta, Struct

from sendjay.actor import Actor
from sendjay.protocol.commands import Id
from sendjay.protocol.replies import BlockedAnswer, Done
from sendjay.safety.service import Report, SafetyService

ActorRequest = Request[Actor, Any, Any]
Before = Annotated[str, Parameter(max_length=64)]
Limit = Annotated[int, Parameter(ge=1, le=100)]


class NewReport(Struct, forbid_unknown_fields=True):
    reason: Literal["spam", "fraud", "abuse", "illegal", "other"]
    text: Annotated[str, Meta(max_length=1000)] = ""


class ReportsAnswer(Struct):
    reports: list[Report]


def create_router(safety: SafetyService) -> Router:
    @get("/me/blocked")
    async def blocked(request: ActorRequest) -> BlockedAnswer:
        """Whom I have blocked."""
        return await safety.blocked(request.user)

    @put("/me/blocked/{person:str}", status_code=HTTP_200_OK)
    async def block(request: ActorRequest, person: Id) -> Done:
        """Neither of us can write to the other in rooms of two, from now on."""
        await safety.block(request.user, person, on=True)
        return Done()

    @delete("/me/blocked/{person:str}", status_code=HTTP_200_OK)
    async def unblock(request: ActorRequest, person: Id) -> Done:
        """We can again, unless I am blocked, too."""
        await safety.block(request.user, person, on=False)
        return Done()

    @post("/rooms/{room_id:str}/reports", status_code=HTTP_200_OK)
    async def report(request: ActorRequest, room_id: Id, data: JSONBody[NewReport]) -> Done:
        """Tell the administrator of what the other one does here."""
        await safety.report(request.user, room_id, data.reason, data.text)
        return Done()

    @get("/reports")
    async def reports(request: ActorRequest, before: Before = "", limit: Limit = 50) -> ReportsAnswer:
        """What was reported, the newest first; before the report of this id. For administrators."""
        return ReportsAnswer(await safety.reports(request.user, before, limit))

    return Router("/api", route_handlers=[blocked, block, unblock, report, reports], tags=["safety"])
