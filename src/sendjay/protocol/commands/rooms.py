"""Rooms, who is in them, and what is mine in them."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from sendjay.protocol.commands.fields import ClientId, Command, Id, People, RoomName, Seq


class RoomsList(Command, tag="rooms.list"):
    """All rooms that I am in and have not hidden, newest first."""


class RoomCreate(Command, tag="room.create"):
    """A room of these people and me; the same set of people gives the room that exists already.

    Nobody else: my room with myself. One other: 1:1. More: a group, of which I am master.
    """

    client_id: ClientId
    people: People


class RoomGet(Command, tag="room.get"):
    """One room as I see it in my list."""

    room: Id


class RoomOpen(Command, tag="room.open"):
    """I have this room on screen: give me its members and their cursors, and keep those coming."""

    room: Id


class RoomClose(Command, tag="room.close"):
    """I no longer have this room on screen."""

    room: Id


class RoomInvite(Command, tag="room.invite"):
    """Any member of a group brings people in; those who are members already are passed over."""

    client_id: ClientId
    room: Id
    people: Annotated[People, Meta(min_length=1)]


class RoomLeave(Command, tag="room.leave"):
    """I leave a group; a room of two is cleared for me and hidden until the next message."""

    room: Id


class RoomRemove(Command, tag="room.remove"):
    """The master removes a member."""

    room: Id
    person: Id


class RoomRename(Command, tag="room.rename"):
    """A name for everybody (the master's right) or for me alone (which wins). Null or blank takes it away."""

    room: Id
    name: RoomName | None
    scope: Literal["all", "me"]


class RoomPreferences(Command, tag="room.preferences"):
    """What is mine alone in a room; fields left out stay as they are."""

    room: Id
    muted: bool | None = None
    pinned: bool | None = None
    show_members: bool | None = None


class RoomClear(Command, tag="room.clear"):
    """I do not want to see anything of what was said in this room until now."""

    room: Id


class RoomPin(Command, tag="room.pin"):
    """Hang a message above the talk, for all; another one takes its place. 0 takes it down."""

    room: Id
    seq: Seq
