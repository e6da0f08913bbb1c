"""What a file is called: as its owner called it, without what could deceive or harm whoever keeps it."""

from __future__ import annotations

import re
import unicodedata

NAME_CHARACTERS = 200
_LOOKED_AT = 1_000
_ENDING_CHARACTERS = 20
NAMELESS = "file"

# Controls, halves of characters, line separators; and what turns the direction of writing, so that
# "gpj.exe" would read as "exe.jpg", or cannot be seen at all.
_REFUSED = re.compile(
    "[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029"
    "\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]"
)
# Windows opens a device by these, whatever follows the first dot.
_DEVICE = re.compile(
    r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)\s*(?:\.|$)", re.IGNORECASE
)


def clean_name(name: str) -> str:
    """The name as it is kept: NFC (macOS says Hangul in single letters), the last part of a path, and
    nothing that Windows takes for something else.
    """
    name = _REFUSED.sub("", re.split(r"[/\\]", name)[-1][-_LOOKED_AT:])
    name = unicodedata.normalize("NFC", name).strip().rstrip(". ")
    if len(name) > NAME_CHARACTERS:
        name = _shortened(name)
    if _DEVICE.match(name):
        name = f"_{name}"[:NAME_CHARACTERS]
    return name or NAMELESS


def _shortened(name: str) -> str:
    """Its beginning and its ending."""
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending) > _ENDING_CHARACTERS:
        return name[:NAME_CHARACTERS].rstrip(". ")
    return stem[: NAME_CHARACTERS - len(ending) - 1].rstrip(". ") + dot + ending
