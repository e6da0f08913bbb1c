"""REST of personal settings and the news."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request, Router, get, patch
from litestar.params import JSONBody, QueryParameter

from sendjay.actor import Actor
from sendjay.notify.model import SettingsEdit
from sendjay.notify.service import NotifyService
from sendjay.protocol.objects import MySettings
from sendjay.protocol.replies import NewsAnswer

ActorRequest = Request[Actor, Any, Any]


def create_router(service: NotifyService) -> Router:
    @get("/settings")
    async def get_settings(request: ActorRequest) -> MySettings:
        """How I want the messenger to behave on all my devices."""
        return await service.settings(request.user)

    @patch("/settings")
    async def edit_settings(request: ActorRequest, data: JSONBody[SettingsEdit]) -> MySettings:
        """Change it; what is left out stays."""
        return await service.edit_settings(request.user, data)

    @get("/news")
    async def get_news(
        request: ActorRequest, since: Annotated[int, QueryParameter(ge=0, le=2**53 - 1)] = 0
    ) -> NewsAnswer:
        """How much is unread, and up to 5 rooms with unread talks newer than `since` (0: the number only)."""
        return await service.news(request.user, since)

    return Router("/api/me", route_handlers=[get_settings, edit_settings, get_news], tags=["notify"])
