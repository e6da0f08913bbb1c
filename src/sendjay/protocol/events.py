"""Every event the server sends on its own. The `ev` field says which one it is.

Events that carry a room's `version` raise it by exactly one: a client that holds version n applies n + 1,
ignores what is not above n, and asks for `sync` when it sees a hole.
"""

from __future__ import annotations

from msgspec import Struct

from sendjay.protocol.objects import (
    Draft,
    Item,
    Member,
    Message,
    MyRoom,
    MySettings,
    Person,
    PlaceHolder,
    Presence,
)


class Event(Struct, tag_field="ev", omit_defaults=True, frozen=True, gc=False):
    """What the server says without being asked."""


class MessageNew(Event, tag="message.new"):
    """A new message in one of my rooms; my own included, on all my devices."""

    room: str
    version: int
    message: Message


class MessageChanged(Event, tag="message.changed"):
    """A message that stood already is this now; the row as a whole replaces the one that is held.

    One that was taken back (`revoked`) is told to all alike, and is not the same for all: drop its text at
    once, and treat the event as a hole. `sync` says what I may see of it.
    """

    room: str
    version: int
    message: Message


class RoomChanged(Event, tag="room.changed"):
    """Members, name or master changed; the notice that tells of it comes along. Or old messages are shown to
    nobody any more: then `floor` says which.
    """

    room: str
    version: int
    members_version: int
    member_count: int
    people: list[str]
    name: str | None = None
    master: str | None = None
    members: list[Member] = []
    """Memberships that changed; those who left carry `left`."""
    messages: list[Message] = []
    pinned: int = 0
    item: Item | None = None
    blocked: bool = False
    floor: int = 0
    """My floor is this now, where it was lower: drop what lies at or below it."""


class RoomAdded(Event, tag="room.added"):
    """I am in this room now (created, invited, or a hidden one came back): fetch it with room.get."""

    room: str
    version: int


class RoomGone(Event, tag="room.gone"):
    """I may no longer see this room: drop all of it."""

    room: str


class ReadMoved(Event, tag="read.moved"):
    """Read cursors moved in a room that I have open."""

    room: str
    read_version: int
    """Up to here no cursor is missing; 0: not known yet."""
    cursors: dict[str, int]


class MineChanged(Event, tag="mine.changed"):
    """What is mine alone changed, on this or another of my devices."""

    personal: int
    rooms: list[MyRoom] = []
    drafts: list[Draft] = []
    settings: MySettings | None = None
    deleted: dict[str, list[int]] = {}
    """Messages (room: seqs) that I have deleted for myself: they are gone."""


class Typing(Event, tag="typing"):
    """Somebody types in a room that I have open; lasts 6 s unless repeated."""

    room: str
    user: str
    typing: bool


class PresenceChanged(Event, tag="presence"):
    """People that I watch came or went."""

    people: dict[str, Presence]


class PeopleChanged(Event, tag="people.changed"):
    """Somebody that I watch has another name, status, absence or photo."""

    people: list[Person]


class SignedOut(Event, tag="signed_out"):
    """This session has ended; the connection closes with 4003."""

    reason: str


class Parked(Event, tag="parked"):
    """Another page of mine has taken the place: stay quiet until `place.free`, or until the person uses this
    page.
    """

    by: PlaceHolder


class PlaceFree(Event, tag="place.free"):
    """The place is free: this parked page may take it (`place.take` without claim)."""


class FocusMoved(Event, tag="focus"):
    """The rooms in front of my eyes on my other devices are these now."""

    rooms: list[str]


class Behind(Event, tag="behind"):
    """Something may have passed this connection by: ask for `sync` with what is held."""


class TickEvent(Event, tag="tick"):
    """Answer with the command `tick` before the next one comes, or be taken for dead."""


AnyEvent = (
    MessageNew | MessageChanged | RoomChanged | RoomAdded | RoomGone | ReadMoved | MineChanged | Typing
    | PresenceChanged | PeopleChanged | SignedOut | Parked | PlaceFree | FocusMoved | Behind | TickEvent
)  # fmt: skip
