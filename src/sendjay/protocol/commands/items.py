"""Talk about items, and safety among strangers."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from sendjay.protocol.commands.fields import ClientId, Command, Files, Id


class ItemRef(Struct, forbid_unknown_fields=True, frozen=True):
    """An item as its host names it."""

    kind: Annotated[str, Meta(min_length=1, max_length=64)]
    id: Annotated[str, Meta(min_length=1, max_length=200)]


class ItemAsk(Command, tag="item.ask"):
    """The button under a post: what it is about, and my room about it if there is one."""

    item: ItemRef
    ticket: Annotated[str, Meta(max_length=8192)] = ""
    """The host's word that I see this item now; needed where the host has not opened it to all."""
    pass_: Annotated[str, Meta(max_length=200)] = field(default="", name="pass")
    """Instead: what an earlier answer gave me for the ticket."""
    history: Annotated[int, Meta(ge=0, le=200)] = 0
    """How many of the newest rows of my room to answer with, so that it can be shown at once."""


class ItemSend(Command, tag="item.send"):
    """A message to the owner of an item; the first one makes the room. Answered after it is on disk."""

    item: ItemRef
    client_id: ClientId
    body: Annotated[str, Meta(max_length=4000)] = ""
    files: Files = []
    pass_: Annotated[str, Meta(max_length=200)] = field(default="", name="pass")
    """From the answer of `item.ask`; needed as long as there is no room."""


class ItemsOwned(Command, tag="items.owned"):
    """My items that others have asked about; where something happened last comes first."""

    after: Annotated[str, Meta(max_length=200)] = ""
    """The `next` of the answer before."""
    limit: Annotated[int, Meta(ge=1, le=100)] = 50


class ItemsAsked(Command, tag="items.asked"):
    """My rooms about items of others, the same way."""

    after: Annotated[str, Meta(max_length=200)] = ""
    limit: Annotated[int, Meta(ge=1, le=100)] = 50


class ItemRooms(Command, tag="item.rooms"):
    """My rooms about one item: those of all askers if it is mine, else my own."""

    item: ItemRef
    after: Annotated[str, Meta(max_length=200)] = ""
    limit: Annotated[int, Meta(ge=1, le=100)] = 50


class ItemsComing(Command, tag="items.coming"):
    """Days of my deals that are not over, the nearest first; at most 200."""


class PersonBlock(Command, tag="person.block"):
    """Neither of us can write to the other in rooms of two, from now on; or we can again."""

    person: Id
    on: bool


class PeopleBlocked(Command, tag="people.blocked"):
    """Whom I have blocked."""


class RoomReport(Command, tag="room.report"):
    """Tell the administrator of what the other one does here; the last messages go along."""

    room: Id
    reason: Literal["spam", "fraud", "abuse", "illegal", "other"]
    text: Annotated[str, Meta(max_length=1000)] = ""
