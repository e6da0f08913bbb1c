"""What services publish in a transaction and the hub delivers after its commit."""

from __future__ import annotations

from dataclasses import dataclass

from sendjay.protocol.events import Event


@dataclass(frozen=True, slots=True)
class ToRoom:
    """To every connection of every member of a room."""

    room: str
    event: Event
    members_version: int
    """The room's members_version as of this event; an older cached member list is renewed first."""
    members: tuple[str, ...] | None = None
    """All members as of this event, when it changed them."""


@dataclass(frozen=True, slots=True)
class ToUsers:
    """To every connection of these people."""

    users: tuple[str, ...]
    event: Event


@dataclass(frozen=True, slots=True)
class ToWatchers:
    """To this person and to every connection that has them on screen."""

    person: str
    event: Event


@dataclass(frozen=True, slots=True)
class CursorsMoved:
    """Read cursors of a room moved; told, coalesced, to those who have the room open."""

    room: str
    read_version: int
    cursors: dict[str, int]


@dataclass(frozen=True, slots=True)
class MembershipEnded:
    """These people may no longer see the room: what they have open of it is closed before anything else is
    told.
    """

    room: str
    users: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SessionEnded:
    """These sessions are over: their connections close at once."""

    session_ids: tuple[str, ...]
    user_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class SessionRenewed:
    """This session has a new access token: its connections last as long as that one."""

    session_id: str
    user_id: str
    expires: int
    """Seconds since 1970."""


Delivery = ToRoom | ToUsers | ToWatchers | CursorsMoved | MembershipEnded | SessionEnded | SessionRenewed
