"""REST of rooms: the same answers as the socket gives."""

from __future__ import annotations

from typing import Any, Literal

from litestar import Request, Router, delete, get, patch, post, put
from litestar.status_codes import HTTP_200_OK
from msgspec import Struct

from sendjay.actor import Actor
from sendjay.protocol.commands import ClientId, Id, People, RoomName
from sendjay.protocol.replies import Done, OpenAnswer, RoomAnswer, RoomsAnswer
from sendjay.rooms.membership import MembershipService
from sendjay.rooms.service import RoomsService

ActorRequest = Request[Actor, Any, Any]


class NewRoom(Struct, forbid_unknown_fields=True):
    client_id: ClientId
    people: People


class Invitation(Struct, forbid_unknown_fields=True):
    client_id: ClientId
    people: People


class NewName(Struct, forbid_unknown_fields=True):
    name: RoomName | None
    scope: Literal["all", "me"] = "me"


class Preferences(Struct, forbid_unknown_fields=True):
    muted: bool | None = None
    pinned: bool | None = None
    show_members: bool | None = None


def create_router(rooms: RoomsService, membership: MembershipService) -> Router:
    handlers = [*_rooms(rooms, membership), *_people(membership), *_mine(rooms)]
    return Router("/api/rooms", route_handlers=handlers, tags=["rooms"])


def _rooms(rooms: RoomsService, membership: MembershipService) -> list[Any]:
    @get("/")
    async def list_rooms(request: ActorRequest) -> RoomsAnswer:
        """All my rooms, newest first."""
        return await rooms.list_rooms(request.user)

    @post("/", status_code=HTTP_200_OK)
    async def create_room(request: ActorRequest, data: NewRoom) -> RoomAnswer:
        """The room of these people and me; the one that exists, if there is one."""
        return await membership.create(request.user, data.people, data.client_id)

    @get("/{room_id:str}")
    async def get_room(request: ActorRequest, room_id: Id) -> RoomAnswer:
        """One room as I see it in my list."""
        return await rooms.get_room(request.user, room_id)

    @get("/{room_id:str}/members")
    async def get_members(request: ActorRequest, room_id: Id) -> OpenAnswer:
        """The room with its members and their cursors."""
        return await rooms.open_room(request.user, room_id)

    return [list_rooms, create_room, get_room, get_members]


def _people(membership: MembershipService) -> list[Any]:
    @post("/{room_id:str}/members", status_code=HTTP_200_OK)
    async def invite(request: ActorRequest, room_id: Id, data: Invitation) -> RoomAnswer:
        """Bring people into a group."""
        return await membership.invite(request.user, room_id, data.people, data.client_id)

    @delete("/{room_id:str}/members/me", status_code=HTTP_200_OK)
    async def leave(request: ActorRequest, room_id: Id) -> Done:
        """Leave a group; a room of two is cleared and hidden until the next message."""
        return await membership.leave(request.user, room_id)

    @delete("/{room_id:str}/members/{person:str}", status_code=HTTP_200_OK)
    async def remove(request: ActorRequest, room_id: Id, person: Id) -> RoomAnswer:
        """The master removes somebody."""
        return await membership.remove(request.user, room_id, person)

    return [invite, leave, remove]


def _mine(rooms: RoomsService) -> list[Any]:
    @put("/{room_id:str}/name")
    async def rename(request: ActorRequest, room_id: Id, data: NewName) -> RoomAnswer:
        """For everybody (scope all, the master's right) or for me (scope me)."""
        return await rooms.rename(request.user, room_id, data.name, data.scope)

    @patch("/{room_id:str}/preferences")
    async def prefer(request: ActorRequest, room_id: Id, data: Preferences) -> RoomAnswer:
        """What is mine alone in the room; fields left out stay as they are."""
        return await rooms.set_preferences(
            request.user, room_id, muted=data.muted, pinned=data.pinned, show_members=data.show_members
        )

    @post("/{room_id:str}/clear", status_code=HTTP_200_OK)
    async def clear(request: ActorRequest, room_id: Id) -> RoomAnswer:
        """I do not want to see anything of what was said here until now; others keep it."""
        return await rooms.clear(request.user, room_id)

    return [rename, prefer, clear]
