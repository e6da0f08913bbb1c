"""Rules of rooms: what kind a set of people makes, how a room's name must be, who becomes master."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence

from sendjay.protocol.errors import Code, Refused
from sendjay.protocol.objects import RoomKind

PEOPLE_SHOWN = 6
"""Members named in a room's head, for its default name and picture."""
NOTICE_PEOPLE = 100

_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def kind_for(people: Sequence[str]) -> RoomKind:
    """The kind of room that this many people (the creator included) make."""
    return "self" if len(people) == 1 else "direct" if len(people) == 2 else "group"


def set_key(kind: str, item: str | None, people: Iterable[str]) -> str:
    """The same people about the same item give the same key, in whatever order they are named."""
    digest = hashlib.blake2b(digest_size=24)
    for part in (kind, item or "", *sorted(people)):
        raw = part.encode()
        digest.update(len(raw).to_bytes(4) + raw)
    return digest.hexdigest()


def clean_name(name: str | None) -> str | None:
    """A room's name as it is kept: NFC, one line; blank means none. Raises Refused(INVALID)."""
    if name is None:
        return None
    text = " ".join(unicodedata.normalize("NFC", name).split())
    if _UNPRINTABLE.search(text):
        # Direction marks could make a name read as another one.
        raise Refused(Code.INVALID, "The name has characters that cannot be shown.")
    return text or None


def floor_of(joined_seq: int, cleared_seq: int, retained_seq: int) -> int:
    """Rows at or below this are not this member's to see."""
    return max(joined_seq, cleared_seq, retained_seq)
