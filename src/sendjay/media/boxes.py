"""Where the blocks of text about a picture or a film lie in a file of boxes (ISO/IEC 14496-12).

AVIF keeps EXIF and XMP as items (section 8.11), films say where they were made in boxes of their own. Numbers
in such a file may be anything: what points out of it raises ValueError, and nothing is read in endless turns.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

META_BYTES_MOST = 4_000_000
_BOXES_MOST = 4_096
_ITEMS_MOST = 32
_FILM_PLACES = (b"\xa9xyz", b"loci")
"""QuickTime's ISO 6709 text, and 3GPP TS 26.244 section 8.2."""
_KEY_PLACES = (b"com.apple.quicktime.location", b"location")


class Span(NamedTuple):
    """Bytes of the file."""

    start: int
    length: int


class Box(NamedTuple):
    kind: bytes
    start: int
    """Of what is in it."""
    length: int
    is_short: bool = True
    """Its kind stands right before what is in it."""


def boxes(file: BinaryIO, start: int, end: int) -> Iterator[Box]:
    """Those that follow each other between two places. Raises ValueError."""
    at = start
    for _ in range(_BOXES_MOST):
        if at + 8 > end:
            return
        file.seek(at)
        size, kind = struct.unpack(">I4s", _exactly(file, 8))
        head = 8
        if size == 1:
            (size,), head = struct.unpack(">Q", _exactly(file, 8)), 16
        elif size == 0:
            size = end - at
        if size < head or at + size > end:
            raise ValueError
        yield Box(kind, at + head, size - head, head == 8)
        at += size


def find(file: BinaryIO, within: Box, *path: bytes) -> Box | None:
    """The first box at the end of this path. Raises ValueError."""
    for kind in path:
        found = next((each for each in boxes(file, within.start, within.start + within.length)
                      if each.kind == kind), None)  # fmt: skip
        if found is None:
            return None
        within = _in_full(file, found) if kind == b"meta" else found
    return within


def whole(file: BinaryIO) -> Box:
    return Box(b"", 0, file.seek(0, 2))


def items(file: BinaryIO) -> list[tuple[bytes, Span]]:
    """Of an AVIF file: the kinds of its texts (`Exif`, or `mime` for XMP) and where they are. Raises
    ValueError.
    """
    meta = find(file, whole(file), b"meta")
    if meta is None:
        return []
    kinds, places, data = (find(file, meta, kind) for kind in (b"iinf", b"iloc", b"idat"))
    if kinds is None or places is None:
        return []
    named = dict(_kinds(file, kinds))
    found: list[tuple[bytes, Span]] = []
    for number, span in _places(_content(file, places), data):
        if named.get(number) in (b"Exif", b"mime"):
            found.append((named[number], span))
        # Each is read: some thousand that are all of the file would keep a thread for hours.
        if len(found) > _ITEMS_MOST:
            raise ValueError
    return found


def places_of_film(file: BinaryIO) -> tuple[list[Span], list[Span]]:
    """What says where a film was made: boxes, each from its kind on, and values. Raises ValueError."""
    film = find(file, whole(file), b"moov")
    said: list[Span] = []
    values: list[Span] = []
    for path in ((b"udta",), (b"meta",), (b"udta", b"meta")):
        holder = None if film is None else find(file, film, *path)
        if holder is None:
            continue
        said += [
            Span(each.start - 4, each.length + 4)
            for each in boxes(file, holder.start, holder.start + holder.length)
            if each.kind in _FILM_PLACES and each.is_short
        ]
        keys, held = find(file, holder, b"keys"), find(file, holder, b"ilst")
        if keys is not None and held is not None:
            values += _keyed(file, keys, held)
    return said, values


def _keyed(file: BinaryIO, keys: Box, values: Box) -> list[Span]:
    """QuickTime's metadata: names in one box, and what they are in another, by their number."""
    content = _content(file, keys)
    (count,), at = struct.unpack_from(">I", content, 4), 8
    about: set[bytes] = set()
    for number in range(1, min(count, _BOXES_MOST) + 1):
        size = int.from_bytes(content[at : at + 4])
        if size < 8:
            raise ValueError
        if content[at + 8 : at + size].startswith(_KEY_PLACES):
            about.add(number.to_bytes(4))
        at += size
    values_end = values.start + values.length
    # Behind the box of the value itself: its head, its type and its language.
    return [Span(each.start + 16, each.length - 16) for each in boxes(file, values.start, values_end)
            if each.kind in about and each.length > 16]  # fmt: skip


def _kinds(file: BinaryIO, holder: Box) -> Iterator[tuple[int, bytes]]:
    version = _content(file, holder)[0]
    end = holder.start + holder.length
    for each in boxes(file, holder.start + (6 if version == 0 else 8), end):
        content = _content(file, each)
        if each.kind == b"infe" and content[0] in (2, 3):
            number = content[4:6] if content[0] == 2 else content[4:8]
            yield int.from_bytes(number), content[4 + len(number) + 2 :][:4]


def _places(content: bytes, data: Box | None) -> Iterator[tuple[int, Span]]:
    """Section 8.11.3: `content` is that of the box of places. Raises ValueError."""
    version, sizes = content[0], int.from_bytes(content[4:6])
    offset, length, base, index = (sizes >> shift & 15 for shift in (12, 8, 4, 0))
    reader, pieces = _Reader(content, 6), 0
    for _ in range(min(reader.number(4 if version == 2 else 2), _BOXES_MOST)):
        item = reader.number(4 if version == 2 else 2)
        method = reader.number(2) & 15 if version else 0
        reader.number(2)
        begin = reader.number(base)
        claimed = reader.number(2)
        pieces += claimed
        # Numbers may have no size: then nothing but this ends what a few bytes claim.
        if pieces > _BOXES_MOST:
            raise ValueError("too many pieces")
        for _ in range(claimed):
            if version:
                reader.number(index)
            at, size = begin + reader.number(offset), reader.number(length)
            if method == 1 and data is not None:
                at += data.start
            if method in (0, 1):
                yield item, Span(at, size)


class _Reader:
    def __init__(self, content: bytes, at: int) -> None:
        self._content = content
        self._at = at

    def number(self, size: int) -> int:
        raw = self._content[self._at : self._at + size]
        if len(raw) < size:
            raise ValueError
        self._at += size
        return int.from_bytes(raw)


def _in_full(file: BinaryIO, box: Box) -> Box:
    """What is in a `meta` box stands behind a version and flags; QuickTime leaves those out."""
    file.seek(box.start)
    head = file.read(8)
    skip = 0 if head[4:] in (b"hdlr", b"keys") else 4
    return Box(box.kind, box.start + skip, box.length - skip)


def _content(file: BinaryIO, box: Box) -> bytes:
    if not 4 <= box.length <= META_BYTES_MOST:
        raise ValueError
    file.seek(box.start)
    return _exactly(file, box.length)


def _exactly(file: BinaryIO, size: int) -> bytes:
    read = file.read(size)
    if len(read) < size:
        raise ValueError
    return read
