"""REST of read cursors."""

from __future__ import annotations

from typing import Any

from litestar import Request, Router, put
from msgspec import Struct

from sendjay.actor import Actor
from sendjay.protocol.commands import Id, Seq
from sendjay.protocol.replies import CursorAnswer
from sendjay.reads.service import ReadsService


class Cursor(Struct, forbid_unknown_fields=True):
    seq: Seq


def create_router(service: ReadsService) -> Router:
    @put("/")
    async def mark(request: Request[Actor, Any, Any], room_id: Id, data: Cursor) -> CursorAnswer:
        """I have seen everything up to seq."""
        return await service.mark_and_wait(request.user, room_id, data.seq)

    return Router("/api/rooms/{room_id:str}/cursor", route_handlers=[mark], tags=["reads"])
