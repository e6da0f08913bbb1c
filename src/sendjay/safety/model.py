"""Rules of safety: what a phone number looks like, and what is warned of."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

REPORTS_PER_HOUR = 20
MESSAGES_REPORTED = 30
BLOCKS_MOST = 1_000

_HIDDEN = "•••-••••-••••"
# Nine to twelve digits that begin as a number of a phone does, with no more than a few marks between two:
# what has them apart for another reason (a price, a list) seldom begins with 0 or with the country's 82.
_PHONE = re.compile(r"(?<![0-9])(?:\+?82[-]{0,4}0?|0)(?:[-]{0,3}[0-9]){8,10}(?![0-9])")
_PARTING = frozenset({"Cf", "Pd", "Po", "Pc", "Ps", "Pe", "Sm", "Zs", "Mn"})


def hide_phones(text: str) -> str:
    """The text without the phone numbers in it, in whatever digits and with whatever between them."""
    shadow = "".join(map(_plain, text))
    parts: list[str] = []
    end = 0
    for found in _PHONE.finditer(shadow):
        parts += [text[end : found.start()], _HIDDEN]
        end = found.end()
    return "".join([*parts, text[end:]]) if parts else text


def _plain(character: str) -> str:
    """One character for each, so that places in the one are places in the other."""
    if character.isascii() and character.isalnum():
        return character
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    if character in "+\uff0b":
        return "+"
    return "-" if unicodedata.category(character) in _PARTING else "x"


def warns_of(words: Sequence[str]) -> Callable[[str], object]:
    """Does a text have one of these words in it, however it is written?"""
    pattern = re.compile("|".join(map(re.escape, words)), re.IGNORECASE)
    return pattern.search
