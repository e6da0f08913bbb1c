"""Rules of a draft's text."""

from __future__ import annotations

from sendjay.protocol.errors import Code, Refused

TEXT_UNITS = 4_000
"""UTF-16 units, as of a message."""


def check_text(text: str) -> str:
    """The text exactly as it was typed: it is not sent yet. Raises Refused: TOO_LONG, or INVALID for what
    not every database can keep.
    """
    if "\0" in text:
        raise Refused(Code.INVALID, "The text has characters that cannot be shown.")
    if len(text) > TEXT_UNITS or (not text.isascii() and len(text.encode("utf-16-le")) // 2 > TEXT_UNITS):
        raise Refused(Code.TOO_LONG)
    return text
