"""What services publish in a transaction and the hub delivers after its commit."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from sendjay.protocol.events import Event


class ToRoom(Struct, frozen=True, gc=False):
    """To every connection of every member of a room."""

    room: str
    event: Event
    members_version: int
    """The room's members_version as of this event; an older cached member list is renewed first."""
    members: tuple[str, ...] | None = None
    """All members as of this event, when it changed them."""


class ToUsers(Struct, frozen=True, gc=False):
    """To every connection of these people."""

    users: tuple[str, ...]
    event: Event


class ToWatchers(Struct, frozen=True, gc=False):
    """To this person and to every connection that has them on screen."""

    person: str
    event: Event


class CursorsMoved(Struct, frozen=True, gc=False):
    """Read cursors of a room moved; told, coalesced, to those who have the room open."""

    room: str
    since: int
    """The room's read_version before them."""
    read_version: int
    cursors: dict[str, int]


class MembershipEnded(Struct, frozen=True, gc=False):
    """These people may no longer see the room: what they have open of it is closed before anything else is
    told.
    """

    room: str
    users: tuple[str, ...]


class SessionEnded(Struct, frozen=True, gc=False):
    """These sessions are over: their connections close at once."""

    session_ids: tuple[str, ...]
    user_id: str
    reason: str


class SessionRenewed(Struct, frozen=True, gc=False):
    """This session has a new access token: its connections last as long as that one."""

    session_id: str
    user_id: str
    expires: int
    """Seconds since 1970."""


class Here(Struct, frozen=True, gc=False):
    """To this process alone: work that need not hold the writer up begins."""

    call: Callable[[], None]


Delivery = (
    ToRoom | ToUsers | ToWatchers | CursorsMoved | MembershipEnded | SessionEnded | SessionRenewed | Here
)
