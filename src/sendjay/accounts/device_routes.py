"""REST of my devices."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from typing import Any

from litestar import Request, Router, delete, get
from msgspec import Struct

from sendjay.accounts.devices import Devices
from sendjay.accounts.model import SignedInDevice
from sendjay.actor import Actor
from sendjay.protocol.commands import Id

ActorRequest = Request[Actor, Any, Any]
Connected = Callable[[str], Awaitable[Collection[str]]]
"""Which sessions of a person have a connection now."""


class DevicesAnswer(Struct):
    sessions: list[SignedInDevice]


def create_router(devices: Devices, connected: Connected) -> Router:
    @get("/")
    async def list_devices(request: ActorRequest) -> DevicesAnswer:
        """Where I am signed in, the newest sign-in first."""
        return DevicesAnswer(await devices.all(request.user, await connected(request.user.user_id)))

    @delete("/{session_id:str}", status_code=204)
    async def remove_device(request: ActorRequest, session_id: Id) -> None:
        """Signs that device out at once; it wipes what it keeps of me as soon as it comes back."""
        await devices.remove(request.user, session_id)

    @delete("/", status_code=204)
    async def remove_other_devices(request: ActorRequest) -> None:
        """The same for all of my devices but this one."""
        await devices.remove_others(request.user)

    handlers: list[Any] = [list_devices, remove_device, remove_other_devices]
    return Router("/api/me/sessions", route_handlers=handlers, tags=["accounts"])
