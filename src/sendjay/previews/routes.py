"""Pictures of the pages behind links, over REST."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, Router, get

from sendjay.actor import Actor
from sendjay.previews.service import Previews
from sendjay.protocol.commands import Id, Seq

ActorRequest = Request[Actor, Any, Any]
_HEADERS = {
    # What stands under a message may change with its link: the address names the picture as well.
    "Cache-Control": "private, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}


def create_router(previews: Previews) -> Router:
    @get("/api/rooms/{room_id:str}/messages/{seq:int}/preview/{image:str}", media_type="image/webp")
    async def link_picture(request: ActorRequest, room_id: Id, seq: Seq, image: Id) -> Response[bytes]:
        """The small picture of the page behind a message's link, for who sees the message."""
        picture = await previews.picture(request.user, room_id, seq, image)
        return Response(picture, headers=_HEADERS, media_type="image/webp")

    return Router("/", route_handlers=[link_picture], tags=["messages"])
