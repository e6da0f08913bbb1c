"""REST of messages: the same answers as the socket gives."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request, Router, delete, get, post, put
from litestar.params import Parameter
from litestar.status_codes import HTTP_200_OK, HTTP_204_NO_CONTENT
from msgspec import Meta, Struct

from sendjay.actor import Actor
from sendjay.messages.service import MessagesService, asked_with
from sendjay.protocol.commands import ClientId, Files, Id, Mentions, Original, Seq
from sendjay.protocol.objects import Message
from sendjay.protocol.replies import HistoryAnswer, ReadersAnswer, SendAnswer

ActorRequest = Request[Actor, Any, Any]
Position = Annotated[int | None, Parameter(ge=0, le=2**53 - 1)]
PathSeq = Annotated[int, Parameter(le=2**53 - 1)]


class NewMessage(Struct, forbid_unknown_fields=True):
    client_id: ClientId
    body: str = ""
    reply_to: Seq = 0
    mentions: Mentions = []
    files: Files = []
    forward: Original | None = None


class NewText(Struct, forbid_unknown_fields=True):
    body: Annotated[str, Meta(min_length=1)]


def create_router(service: MessagesService) -> Router:
    handlers = [*_talking(service), *_changing(service)]
    return Router("/api/rooms/{room_id:str}/messages", route_handlers=handlers, tags=["messages"])


def _talking(service: MessagesService) -> list[Any]:
    @get("/")
    async def history(
        request: ActorRequest,
        room_id: Id,
        before: Position = None,
        after: Position = None,
        around: Position = None,
        limit: Annotated[int, Parameter(ge=1, le=200)] = 50,
    ) -> HistoryAnswer:
        """A page of the timeline in ascending order; the newest rows unless told otherwise."""
        return await service.history(
            request.user, room_id, before=before, after=after, around=around, limit=limit
        )

    @post("/", status_code=HTTP_200_OK)
    async def send(request: ActorRequest, room_id: Id, data: NewMessage) -> SendAnswer:
        """Answered once it is on disk; the same client_id gives the same answer."""
        asked = asked_with(data.reply_to, data.mentions, data.files, data.forward)
        return await service.send_and_wait(request.user, room_id, data.client_id, data.body, asked)

    @get("/{seq:int}")
    async def one(request: ActorRequest, room_id: Id, seq: PathSeq) -> Message:
        """One message."""
        return await service.one(request.user, room_id, seq)

    @get("/{seq:int}/unread-by")
    async def unread_by(request: ActorRequest, room_id: Id, seq: PathSeq) -> ReadersAnswer:
        """Who has not read this message, and who has."""
        return await service.readers(request.user, room_id, seq)

    return [history, send, one, unread_by]


def _changing(service: MessagesService) -> list[Any]:
    @put("/{seq:int}", status_code=HTTP_204_NO_CONTENT)
    async def edit(request: ActorRequest, room_id: Id, seq: PathSeq, data: NewText) -> None:
        """Give a message of mine another text."""
        await service.edit(request.user, room_id, seq, data.body)

    @put("/{seq:int}/reactions/{emoji:str}", status_code=HTTP_204_NO_CONTENT)
    async def react(request: ActorRequest, room_id: Id, seq: PathSeq, emoji: str) -> None:
        """Put an emoji under this message."""
        await service.react(request.user, room_id, seq, emoji, on=True)

    @delete("/{seq:int}/reactions/{emoji:str}")
    async def take_back(request: ActorRequest, room_id: Id, seq: PathSeq, emoji: str) -> None:
        """Take mine away."""
        await service.react(request.user, room_id, seq, emoji, on=False)

    @post("/{seq:int}/revoke", status_code=HTTP_204_NO_CONTENT)
    async def revoke(request: ActorRequest, room_id: Id, seq: PathSeq) -> None:
        """Take a message of mine back, for all."""
        await service.revoke(request.user, room_id, seq)

    @delete("/{seq:int}")
    async def remove(request: ActorRequest, room_id: Id, seq: PathSeq) -> None:
        """I do not want to see this message any more; others keep it."""
        await service.delete(request.user, room_id, [seq])

    @put("/{seq:int}/pin", status_code=HTTP_204_NO_CONTENT)
    async def pin(request: ActorRequest, room_id: Id, seq: PathSeq) -> None:
        """Hang this message above the talk, for all; 0 takes down what hangs there."""
        await service.pin(request.user, room_id, seq)

    return [edit, react, take_back, revoke, remove, pin]
