"""Ids that sort by the time they were made: 9 characters of milliseconds, 11 of chance (55 bits)."""

from __future__ import annotations

import os
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def new_id() -> str:
    """A new id of 20 lower-case letters and digits."""
    number = (time.time_ns() // 1_000_000) << 55 | int.from_bytes(os.urandom(7)) >> 1
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(95, -1, -5))
