"""Pictures of the pages behind links, over REST."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, Router, get

from sendjay.actor import Actor
from sendjay.previews.service import Previews
from sendjay.protocol.commands import Id, Seq
from sendjay.rest import is_held

ActorRequest = Request[Actor, Any, Any]
_HEADERS = {
    # Kept by the browser, but asked about at each use: who may see it no longer gets it no longer.
    "Cache-Control": "private, no-cache",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}


def create_router(previews: Previews) -> Router:
    @get("/api/rooms/{room_id:str}/messages/{seq:int}/preview/{image:str}", media_type="image/webp")
    async def link_picture(request: ActorRequest, room_id: Id, seq: Seq, image: Id) -> Response[bytes]:
        """The small picture of the page behind a message's link, for who sees the message."""
        picture = await previews.picture(request.user, room_id, seq, image)
        tag = f'"{image}"'
        held = is_held(tag, request.headers.get("if-none-match", ""))
        return Response(
            b"" if held else picture,
            status_code=304 if held else 200,
            headers={**_HEADERS, "ETag": tag},
            media_type="image/webp",
        )

    return Router("/", route_handlers=[link_picture], tags=["messages"])
