"""Files over HTTP, to those who may see them."""

from __future__ import annotations

from typing import Any

from litestar import Request, Router, get, route
from litestar.response.base import ASGIResponse

from sendjay.actor import Actor
from sendjay.files.serving import Serving, Wish
from sendjay.files.tus import HANDLERS
from sendjay.protocol.commands import Id

ActorRequest = Request[Actor, Any, Any]


def create_router(serving: Serving) -> Router:
    async def answer(
        request: ActorRequest, file_id: str, *, is_head: bool = False, as_thumb: bool = False
    ) -> ASGIResponse:
        said = request.headers
        wish = Wish(
            file_id,
            as_download="download" in request.query_params,
            as_thumb=as_thumb,
            is_head=is_head,
            held=said.get("if-none-match", ""),
            range=said.get("range"),
            if_range=said.get("if-range"),
        )
        return await serving.answer(request.user, wish)

    @get("/{file_id:str}", media_type="application/octet-stream")
    async def file(request: ActorRequest, file_id: Id) -> ASGIResponse:
        """A file that was sent to me, or that I have uploaded: images and videos to be shown, all else to be
        saved; with the parameter `download` these too.
        """
        return await answer(request, file_id)

    @get("/{file_id:str}/thumb", media_type="image/webp")
    async def thumb(request: ActorRequest, file_id: Id) -> ASGIResponse:
        """A small picture of an image or a video, to whoever may see the file."""
        return await answer(request, file_id, as_thumb=True)

    @get("/{file_id:str}/{name:str}", media_type="application/octet-stream", include_in_schema=False)
    async def file_by_name(request: ActorRequest, file_id: Id, name: str) -> ASGIResponse:
        """The same; the name is for who reads the address."""
        return await answer(request, file_id)

    @route(["/{file_id:str}", "/{file_id:str}/{name:str}"], http_method="HEAD", include_in_schema=False)
    async def about(request: ActorRequest, file_id: Id) -> ASGIResponse:
        return await answer(request, file_id, is_head=True)

    handlers: list[Any] = [file, thumb, file_by_name, about]
    return Router("/api/files", route_handlers=handlers, exception_handlers=HANDLERS, tags=["files"])
