"""What a node says to Redis: commands as bytes, and the word to itself by which it sees that it is heard."""

from __future__ import annotations

import struct
import time
from typing import Any

import hiredis

_WORD = b"?"
_FORM = struct.Struct("!cd")
# Its own description of itself takes one argument only.
_pack: Any = hiredis.pack_command


def command(*words: bytes) -> bytes:
    """A Redis command, ready for the line."""
    return _pack(words)


def probe() -> bytes:
    return _FORM.pack(_WORD, time.monotonic())


def probed_at(payload: bytes) -> float | None:
    """When (monotonic) this process said it; None where it is no probe."""
    if len(payload) != _FORM.size or payload[:1] != _WORD:
        return None
    return _FORM.unpack(payload)[1]
