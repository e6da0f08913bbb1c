"""Coming, staying in step, and what goes with being there."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from sendjay.protocol.commands.fields import Command, Id, Seq


class SyncRequest(Struct, forbid_unknown_fields=True, frozen=True):
    """What a client holds: each room's [version, read_version] and the version of its personal stream.

    A read_version of -1 says that the client keeps no cursors of that room.
    """

    rooms: Annotated[dict[Id, tuple[Seq, int]], Meta(max_length=5000)] = {}
    personal: Seq = 0


class Place(Struct, forbid_unknown_fields=True, frozen=True):
    """How a page wants its person's one live place for this kind of device (web, app).

    A page that is not given the place is parked: it stays connected, hears nothing but ticks, and may take
    the place later with `place.take`.
    """

    claim: bool = True
    """Take the place from whoever has it: the person is here. Without it, the place is given only where
    nobody has it, or nobody has taken it since `generation`."""
    generation: Seq = 0
    """The generation that this page had last; 0: none."""
    standing: Literal["window", "background"] = "window"
    """The messenger itself, or a page of the portal that has it in the background. A background page never
    takes the place from a window of the same browser."""
    browser: Annotated[str, Meta(max_length=64)] = ""
    """The same for all pages of one browser, as far as they know; empty: the device of the session."""


class Hello(Command, tag="hello"):
    """The first frame of a connection, within 10 s. Without `token` the page's cookie is used."""

    token: Annotated[str, Meta(max_length=4096)] | None = None
    sync: SyncRequest | None = None
    """What to bring up to date in the same answer."""
    place: Place | None = None
    """Without it the connection takes the place (`{"claim": true}`)."""


class PlaceTake(Command, tag="place.take"):
    """The person uses this page now: it was parked, and takes the place over. Answered like hello."""

    sync: SyncRequest | None = None
    claim: bool = True
    """False in answer to `place.free`: only if nobody else has taken it meanwhile."""


class Tick(Command, tag="tick"):
    """Answers the server's tick, or asks whether the connection is alive."""


class Sync(Command, tag="sync"):
    """What changed since? See `SyncRequest`."""

    rooms: Annotated[dict[Id, tuple[Seq, int]], Meta(max_length=5000)] = {}
    personal: Seq = 0


class PresenceWatch(Command, tag="presence.watch"):
    """The people I have on screen now; replaces those watched before."""

    people: Annotated[list[Id], Meta(max_length=1000)]


class FocusSet(Command, tag="focus.set"):
    """The rooms in front of the person's eyes on this connection; replaces what was said before.

    My other devices hear of it, and give no notification for these rooms.
    """

    rooms: Annotated[list[Id], Meta(max_length=20)]


class TypingSet(Command, tag="typing.set"):
    """I am typing in this room (repeat every 4 s), or no longer."""

    room: Id
    typing: bool


class NewsGet(Command, tag="news.get"):
    """How much is unread, for a badge; and rooms with unread talks newer than `since`, newest first."""

    since: Annotated[int, Meta(ge=0, le=2**53 - 1)] = 0
    """Milliseconds since 1970 by the server's clock; 0: no rooms, the number only."""
