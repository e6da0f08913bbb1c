"""Finding messages."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from sendjay.protocol.commands.fields import Command, Id, SearchKinds, SearchText, Seq


class SearchRoom(Command, tag="search.room"):
    """Find messages in a room: all of the words, and all else that is asked for."""

    room: Id
    text: SearchText = ""
    """Words parted by blanks. Korean is found by any part of a word, other words by their beginning."""
    sender: Annotated[str, Meta(max_length=64)] = ""
    kinds: SearchKinds = []
    """With any of these; none: whatever they carry."""
    since: Seq = 0
    """Sent then or later, in milliseconds since 1970 UTC."""
    until: Seq = 0
    """Sent before; 0: until now."""
    before: Seq = 0
    """Go on below this seq; 0: from the newest on."""
    limit: Annotated[int, Meta(ge=1, le=50)] = 30


class SearchAll(Command, tag="search.all"):
    """The same in all rooms of my list, the newest first."""

    text: SearchText = ""
    sender: Annotated[str, Meta(max_length=64)] = ""
    kinds: SearchKinds = []
    since: Seq = 0
    until: Seq = 0
    after: Annotated[str, Meta(max_length=200)] = ""
    """The `next` of the answer before."""
    limit: Annotated[int, Meta(ge=1, le=50)] = 30
