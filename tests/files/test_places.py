"""Taking out where something was made: whatever is in the file, it keeps its length and nothing is raised."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sendjay.media.boxes import items
from sendjay.media.location import remove_location
from tests.files.test_looking import PLACE, video, with_place

KINDS = {
    "image/avif": (with_place("AVIF"), b"meta"),
    "video/mp4": (video("mp4", {"location": PLACE}), b"moov"),
    "video/quicktime": (video("mov", {"location": PLACE}, {"movflags": "use_metadata_tags"}), b"moov"),
}


def box(kind: bytes, content: bytes) -> bytes:
    return (8 + len(content)).to_bytes(4) + kind + content


def test_places_that_take_up_nothing_are_not_counted_for_ever() -> None:
    # Numbers of no size: each of many items claims many pieces, and all of it fits into a few bytes.
    item = b"\0\1" + b"\0\0" + b"\xff\xff"
    places = box(b"iloc", bytes(4) + b"\0\0" + (4_000).to_bytes(2) + 4_000 * item)
    kinds = box(b"iinf", bytes(6))
    file = io.BytesIO(box(b"ftyp", b"avif") + box(b"meta", bytes(4) + kinds + places))
    with pytest.raises(ValueError, match="too many"):
        items(file)
    assert not remove_location(file, "image/avif")


@pytest.mark.parametrize("media_type", KINDS)
@settings(max_examples=200, deadline=None)
@given(changes=st.lists(st.tuples(st.integers(0, 1_500), st.integers(0, 255)), min_size=1, max_size=8))
def test_boxes_that_lie_harm_nobody(media_type: str, changes: list[tuple[int, int]]) -> None:
    content, first = KINDS[media_type]
    broken = bytearray(content)
    for at, value in changes:
        broken[min(broken.index(first) - 4 + at, len(broken) - 1)] = value
        if first not in broken:
            break
    file = io.BytesIO(broken)
    remove_location(file, media_type)
    assert len(file.getvalue()) == len(broken)
