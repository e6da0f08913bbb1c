"""Which part of a file is asked for (RFC 9110, 14): one range, or all of it."""

from __future__ import annotations

import re
from typing import NamedTuple

_ONE_RANGE = re.compile(r"bytes=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*", re.ASCII | re.IGNORECASE)


class Span(NamedTuple):
    """From `start` up to, not including, `end`."""

    start: int
    end: int


class Unsatisfiable(Exception):
    """What is asked for lies beyond the end."""


def span_of(header: str | None, size: int) -> Span | None:
    """None means all of it: no range, or one that we need not understand. Several ranges are among these:
    nobody who plays a video needs them, and many small ones make a large answer. Raises Unsatisfiable.
    """
    found = _ONE_RANGE.fullmatch(header) if header is not None else None
    if found is None or found[0].strip().endswith("=-"):
        return None
    first, last = found[1], found[2]
    if not first:
        return _the_last(int(last), size) if last else None
    start = int(first)
    if last and int(last) < start:
        return None
    if start >= size:
        raise Unsatisfiable
    return Span(start, min(int(last) + 1, size) if last else size)


def _the_last(count: int, size: int) -> Span:
    if not count or not size:
        raise Unsatisfiable
    return Span(max(0, size - count), size)
