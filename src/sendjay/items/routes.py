"""REST of items: what people see, and what hosts say."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request, Router, delete, get, post, put
from litestar.params import JSONBody, Parameter
from litestar.status_codes import HTTP_200_OK
from msgspec import Meta, Struct, field

from sendjay.actor import Actor, Integration
from sendjay.items.hosting import Hosted, Hosting
from sendjay.items.model import DealState, HostId, ItemState, Kind
from sendjay.items.service import ItemsService, ref_of
from sendjay.protocol.commands import ClientId, Files
from sendjay.protocol.objects import Deal
from sendjay.protocol.replies import ComingAnswer, ItemAnswer, ItemRoomsAnswer, OwnedAnswer, SendAnswer

ActorRequest = Request[Actor, Any, Any]
HostRequest = Request[Integration, Any, Any]
After = Annotated[str, Parameter(max_length=200)]
Limit = Annotated[int, Parameter(ge=1, le=100)]
History = Annotated[int, Parameter(ge=0, le=200)]
When = Annotated[int, Parameter(ge=0, le=2**53 - 1)]


class Shown(Struct, forbid_unknown_fields=True):
    ticket: Annotated[str, Meta(max_length=8192)]


class FirstMessage(Struct, forbid_unknown_fields=True):
    client_id: ClientId
    body: Annotated[str, Meta(max_length=4000, examples=["주말에 빌릴 수 있을까요?"])] = ""
    files: Files = []
    pass_: Annotated[str, Meta(max_length=200)] = field(default="", name="pass")


class DealAnswer(Struct):
    deal: Deal


def create_router(items: ItemsService, hosting: Hosting) -> Router:
    handlers = [*_lists(items), *_button(items), *_hosts(hosting)]
    return Router("/api", route_handlers=handlers, tags=["items"])


def _lists(items: ItemsService) -> list[Any]:
    @get("/items/owned")
    async def owned(request: ActorRequest, after: After = "", limit: Limit = 50) -> OwnedAnswer:
        """My items that others have asked about, with how many have, and what is unread."""
        return await items.owned(request.user, after, limit)

    @get("/items/asked")
    async def asked(request: ActorRequest, after: After = "", limit: Limit = 50) -> ItemRoomsAnswer:
        """My rooms about items of others."""
        return await items.asked(request.user, after, limit)

    @get("/items/coming")
    async def coming(request: ActorRequest) -> ComingAnswer:
        """Days of my deals that are not over, the nearest first."""
        return await items.coming(request.user)

    @get("/items/{kind:str}/{item_id:str}/rooms")
    async def rooms(
        request: ActorRequest, kind: Kind, item_id: HostId, after: After = "", limit: Limit = 50
    ) -> ItemRoomsAnswer:
        """My rooms about one item: those of all askers if it is mine, else my own."""
        return await items.rooms(request.user, ref_of(kind, item_id), after, limit)

    return [owned, asked, coming, rooms]


def _button(items: ItemsService) -> list[Any]:
    @get("/items/{kind:str}/{item_id:str}")
    async def look(request: ActorRequest, kind: Kind, item_id: HostId, history: History = 0) -> ItemAnswer:
        """What the item is, and my room about it if there is one."""
        return await items.ask(request.user, ref_of(kind, item_id), history=history)

    @post("/items/{kind:str}/{item_id:str}/ask", status_code=HTTP_200_OK)
    async def ask(request: ActorRequest, kind: Kind, item_id: HostId, data: JSONBody[Shown]) -> ItemAnswer:
        """The same with the host's word that I see the item."""
        return await items.ask(request.user, ref_of(kind, item_id), data.ticket)

    @post("/items/{kind:str}/{item_id:str}/messages", status_code=HTTP_200_OK)
    async def send(
        request: ActorRequest, kind: Kind, item_id: HostId, data: JSONBody[FirstMessage]
    ) -> SendAnswer:
        """A message to its owner; the first one makes the room."""
        ref = ref_of(kind, item_id)
        return await items.send(request.user, ref, data.client_id, data.body, data.files, data.pass_)

    return [look, ask, send]


def _hosts(hosting: Hosting) -> list[Any]:
    """Called by a host's server, with an integration token."""

    @put("/integration/items/{kind:str}/{item_id:str}", integration=True)
    async def put_item(
        request: HostRequest, kind: Kind, item_id: HostId, data: JSONBody[ItemState]
    ) -> Hosted:
        """Register an item, or change it: rooms about it show it at once."""
        request.user.require("items", kind)
        return await hosting.put(ref_of(kind, item_id), data)

    @get("/integration/items/{kind:str}/{item_id:str}", integration=True)
    async def get_item(request: HostRequest, kind: Kind, item_id: HostId) -> Hosted:
        """As it stands."""
        request.user.require("items", kind)
        return await hosting.get(ref_of(kind, item_id))

    @delete("/integration/items/{kind:str}/{item_id:str}", status_code=HTTP_200_OK, integration=True)
    async def delete_item(request: HostRequest, kind: Kind, item_id: HostId, at: When = 0) -> Hosted:
        """The host has deleted it; what was said about it stays with the two who said it."""
        request.user.require("items", kind)
        return await hosting.drop(ref_of(kind, item_id), at)

    @post("/integration/items/{kind:str}/{item_id:str}/deal", status_code=HTTP_200_OK, integration=True)
    async def report_deal(
        request: HostRequest, kind: Kind, item_id: HostId, data: JSONBody[DealState]
    ) -> DealAnswer:
        """How the deal of the owner and somebody who asks stands; said in their room."""
        request.user.require("deals", data.state)
        return DealAnswer(await hosting.report_deal(ref_of(kind, item_id), data))

    return [put_item, get_item, delete_item, report_deal]
