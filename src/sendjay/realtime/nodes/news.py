"""What nodes say to each other, as MessagePack lists: a node of a later version may add fields at their ends.

Frames are ready for every socket and are written as they are: a room's event is encoded once, wherever its
people are.
"""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec import Struct

from sendjay.realtime.cursor_reach import Span


class _News(Struct, array_like=True, frozen=True, gc=False):
    pass


class Block(_News, tag="b"):
    """What happened in a room from one version to another, one frame for each version. On r:ROOM."""

    room: str
    first: int
    last: int
    members_version: int
    frames: bytes
    members: list[str] | None = None
    """All members as of `first`, when that changed them."""


class OnScreens(_News, tag="s"):
    """For those who have the room on screen: cursors, typing. On r:ROOM."""

    room: str
    frames: bytes
    spans: list[Span] = []
    """The read_versions that these cursors stand for; a node that knows of them makes its own frames."""
    cursors: dict[str, int] = {}


class Ended(_News, tag="m"):
    """These people may no longer see the room. On r:ROOM."""

    room: str
    people: tuple[str, ...]


class ForPerson(_News, tag="u"):
    """For all connections of a person. On u:USER."""

    person: str
    frames: bytes
    personal: int = 0
    """The version of their own stream that this is; 0: none."""
    added: str = ""
    """They are in this room now, which stands at `version`."""
    version: int = 0
    gone: str = ""
    """They are no longer in this room."""


class SessionsEnded(_News, tag="e"):
    """On u:USER."""

    person: str
    sessions: tuple[str, ...]
    reason: str


class SessionRenews(_News, tag="r"):
    """On u:USER."""

    person: str
    session: str
    expires: int


class OfPerson(_News, tag="p"):
    """For those who have this person on screen. On p:USER."""

    person: str
    frames: bytes


class Alive(_News, tag="n"):
    """This node lives, or leaves. On a:all."""

    node: str
    leaves: bool = False


class Asked(_News, tag="q"):
    """What is known of this person at the nodes where they are? On u:USER."""

    person: str
    of: Literal["presence", "focus", "sessions"]
    by: str
    """The node that asks."""


class Whereabouts(_News, tag="w"):
    """Where this person is connected at a node. On p:USER."""

    person: str
    node: str
    web: bool
    app: bool


class Looks(_News, tag="f"):
    """The rooms in front of this person at a node. On u:USER."""

    person: str
    node: str
    rooms: list[str]


class Connected(_News, tag="d"):
    """The sessions of this person that are connected at a node. On a:NODE, to the one that asked."""

    person: str
    sessions: list[str]


class PlaceHeld(_News, tag="h"):
    """Who has the place of a person and kind of device. On u:USER, and in Redis under the place's key."""

    person: str
    kind: str
    node: str
    generation: int
    since: int
    session: str
    browser: str
    name: str
    standing: Literal["window", "background"]


class PlaceLeft(_News, tag="l"):
    """Whoever had it there is gone; not `for_good`: their line broke. On u:USER."""

    person: str
    kind: str
    node: str
    generation: int
    browser: str
    for_good: bool


class PlaceOffered(_News, tag="o"):
    """Somebody parked there was asked whether they take it. On u:USER."""

    person: str
    kind: str
    generation: int


_OfPlaces = PlaceHeld | PlaceLeft | PlaceOffered
_OfPeople = Asked | Whereabouts | Looks | Connected
News = (
    Block | OnScreens | Ended | ForPerson | SessionsEnded | SessionRenews | OfPerson
    | Alive | _OfPlaces | _OfPeople
)  # fmt: skip

encode = msgspec.msgpack.Encoder().encode
decode = msgspec.msgpack.Decoder(News).decode
