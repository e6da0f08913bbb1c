"""What of previews has had its time: pictures under messages that nobody may see any more."""

from __future__ import annotations

from collections.abc import Mapping

from sendjay.storage.tables import link_pictures
from sendjay.upkeep.service import DAY, DAY_MS, Chore, deletion

ROOM_KINDS = 4


def chores(kept_days: Mapping[str, int]) -> list[Chore]:
    """`kept_days`: kind of room -> for how long messages are shown. None of this where one is not named: its
    messages are shown for ever.
    """
    if len(kept_days) < ROOM_KINDS:
        return []
    longest = (max(kept_days.values()) + 1) * DAY_MS
    return [
        deletion(
            "link-pictures",
            "pictures of links in messages that are shown no more",
            link_pictures,
            lambda now: link_pictures.c.used_at < now - longest,
            DAY,
        )
    ]
