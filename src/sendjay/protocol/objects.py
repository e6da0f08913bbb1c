"""The objects that travel in replies and events: rooms, members, messages and people."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

RoomKind = Literal["direct", "group", "self", "item"]
MessageKind = Literal["text", "notice", "revoked"]
NoticeType = Literal[
    "created", "invited", "left", "removed", "renamed", "master", "pinned", "unpinned", "deal", "warning"
]


class Wire(Struct, omit_defaults=True, frozen=True, gc=False):
    """What the server says. Absent fields have their default; readers ignore fields they do not know."""


class Deal(Wire):
    """How far two people have come about an item, as the host reports it."""

    state: str
    """requested, reserved, handed_over, returned, cancelled, or a word of the host's own."""
    label: str = ""
    """What is shown for it; empty: the client words the states named above."""
    since: str | None = None
    """The first and the last day that it is about, in ISO form (2026-11-24)."""
    until: str | None = None


class Item(Wire):
    """What a host has registered to be talked about: a post, an order, a document."""

    kind: str
    id: str
    """The host's own, unique among its kind."""
    title: str
    owner: str
    """Id of the person whom others ask about it."""
    price: str = ""
    status: str = ""
    """A word or two of the host's, such as "sold"."""
    picture: str = ""
    """Address of a picture; empty: none."""
    link: str = ""
    """Address of the host's page about it; empty: none."""
    is_open: bool = True
    """May others begin to ask about it?"""
    is_gone: bool = False
    """The host has deleted it; what was said about it stays."""
    deal: Deal | None = None
    """In a room: how the two of it stand."""


class Notice(Wire):
    """Something that happened to the room, told in its timeline. Clients word it in the reader's language."""

    type: NoticeType
    people: list[str] = []
    """Ids of the people it happened to, at most 100; `more` counts the rest."""
    more: int = 0
    name: str | None = None
    """The new name, when `type` is `renamed`; null means the name was taken away. What the host warns of,
    when it is `warning`.
    """
    deal: Deal | None = None
    """How the deal stands from now on, when `type` is `deal`."""


class FileInfo(Wire):
    """A file that a message carries."""

    id: str
    name: str
    size: int
    """Bytes."""
    type: str
    """Media type, found by content."""
    kind: Literal["image", "video", "file"] = "file"
    width: int = 0
    height: int = 0
    seconds: int = 0
    thumb: bool = False
    """There is a small picture of it."""
    expires_at: int = 0
    """Milliseconds since 1970 UTC; 0: never."""
    gone: bool = False
    """It has expired or was taken away."""


class Reaction(Wire):
    """One emoji under a message."""

    emoji: str
    people: list[str]
    """Ids, in the order they came."""


class Preview(Wire):
    """What stands behind the first link of a message."""

    url: str
    title: str = ""
    text: str = ""
    site: str = ""
    image: str = ""
    """The page's picture, at `/api/rooms/{room}/messages/{seq}/preview/{image}`; empty: none."""


class Message(Wire):
    """One row of a room's timeline. `seq` is its identity within the room."""

    seq: int
    version: int
    """The room's version at which this row last changed."""
    sender: str
    at: int
    """Milliseconds since 1970 UTC, by the database's clock; never goes back within a room."""
    kind: MessageKind = "text"
    """revoked: the sender has taken it back, and I had read it: there is no text any more."""
    body: str = ""
    notice: Notice | None = None
    client_id: str | None = None
    """The sender's own key, by which their devices match what waits in the outbox."""
    reply_to: int = 0
    """Seq of the message in this room that it answers; 0: none. What it says comes by `message.get`: it is
    never sent along, so that a message somebody may not see is quoted to nobody."""
    mentions: list[str] = []
    """Ids of members that it names."""
    files: list[FileInfo] = []
    forwarded: bool = False
    edited_at: int = 0
    """When its text was last changed; 0: never."""
    reactions: list[Reaction] = []
    preview: Preview | None = None
    gone: bool = False
    """It is not mine to see (any more): nothing is shown in its place, whatever comes of it later."""


class Hit(Wire):
    """A message that was found."""

    room: str
    message: Message


class Extra(Wire):
    """What a message carries besides its text, as it is kept; the fields are those of Message."""

    reply_to: int = 0
    mentions: list[str] = []
    files: list[FileInfo] = []
    forwarded: bool = False
    edited_at: int = 0
    reactions: list[Reaction] = []
    preview: Preview | None = None


class Room(Wire):
    """What is the same for every member of a room."""

    id: str
    kind: RoomKind
    seq: int
    """The highest position in the timeline; 0 when it is empty."""
    version: int
    members_version: int
    read_version: int
    member_count: int
    people: list[str]
    """Ids of the first members (at most 6, by the time they joined) for the default name and the picture."""
    created_at: int = 0
    """Milliseconds since 1970 UTC; where a room without talks stands in the list."""
    name: str | None = None
    """The name the master gave for all; null means: named after its members."""
    master: str | None = None
    last: Message | None = None
    """The newest message that the reader may see, notices and what was taken back not counted."""
    pinned: int = 0
    """Seq of the message that hangs as a notice above the talk; 0: none."""
    item: Item | None = None
    """What a room of kind `item` is about."""
    blocked: bool = False
    """One of the two has blocked the other: it can be read, and nothing can be said in it. Open it
    again whenever this changes: as long as it is so, it is not kept open (no typing, no cursors).
    """


class MyRoom(Wire):
    """What is mine alone in a room; versioned in my personal stream."""

    room: str
    floor: int
    """Rows at or below this seq are not mine to see: the highest of joined, cleared and retention."""
    epoch: int
    """Raised each time I come back to the room; another epoch means: drop what you hold of it."""
    read_seq: int
    unread: int
    """Counted by the server; stops at 300."""
    muted: bool = False
    hidden: bool = False
    pinned: bool = False
    show_members: bool = True
    own_name: str | None = None
    """My own name for this room; wins over the room's."""


class RoomView(Wire):
    """A room as one member sees it in the list."""

    room: Room
    mine: MyRoom


class Member(Wire):
    """One person's membership. Those who have left stay as `left` so that a client can drop them."""

    user: str
    joined_seq: int
    """Messages above this seq were sent while they were a member."""
    read_seq: int = 0
    """0 where read receipts are not shown to the reader."""
    left: bool = False


class RoomDelta(Wire):
    """What changed in one room since the version that the client named."""

    room: Room
    mine: MyRoom
    limited: bool = False
    """Too much changed: drop what you hold of this room and fetch its head."""
    messages: list[Message] = []
    members: list[Member] = []
    cursors: dict[str, int] = {}
    """Read cursors that moved, by user; only for a room named with a read_version of 0 or more."""


class Absence(Wire):
    """Why and until when somebody is away. Dates are ISO (2026-11-24), both ends included."""

    code: str
    note: str = ""
    since: str | None = None
    until: str | None = None


class Person(Wire):
    """Somebody in the directory, as colleagues see them."""

    id: str
    name: str
    org: str = ""
    org_name: str = ""
    top_org: str = ""
    top_org_name: str = ""
    job: str = ""
    tel: str = ""
    nickname: str = ""
    """Nickname or status line."""
    absence: Absence | None = None
    photo: str | None = None
    """Version of the photo; fetch it at /api/directory/people/{id}/photo?v={photo}."""
    disabled: bool = False


class Org(Wire):
    """A node of the org tree, in display order; a node belongs to the nearest earlier one of less depth."""

    code: str
    name: str
    depth: int
    parent: str | None = None


class Presence(Wire):
    """Where somebody is connected: the web, the app, both or neither."""

    web: bool = False
    app: bool = False


class Draft(Wire):
    """What I have begun to write in a room. An empty text: nothing any more."""

    room: str
    text: str = ""
    at: int = 0
    """When it was last changed, in milliseconds since 1970 by the database's clock."""


class MySettings(Wire):
    """How a person wants the messenger to behave on all their devices."""

    standalone: bool = False
    """Open the messenger in a tab of its own at sign-in, instead of in the background of the portal's."""
    notify: bool = True
    sound: bool = True
    vibration: bool = True
    show_body: bool = True
    show_sender: bool = True
    hours_from: str = ""
    """Notifications are given from this time of day (HHMM) to `hours_to`, which may lie after midnight; both
    empty: always."""
    hours_to: str = ""


class PlaceHolder(Wire):
    """Who has the live place."""

    kind: str
    """web or app"""
    name: str = ""
    """The device's name, such as "Chrome, Windows"."""
    same_browser: bool = False


class ItemAsked(Wire):
    """An item of mine that others have asked about."""

    item: Item
    askers: int
    """How many people."""
    unread: int
    """Of all of them together; each room counts to 300."""
    at: int
    """When something happened there last, in milliseconds since 1970 UTC."""


class Upcoming(Wire):
    """Days of a deal of mine that are not over."""

    room: str
    item: Item
    """With the deal."""
    asker: str
    """The other one, or myself."""
