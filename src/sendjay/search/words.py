"""What words are found by: folding, and the small pieces of a text that its block is known by.

Korean, Chinese and Japanese are found by any part, so each character and each pair of neighbours is a piece;
other words by their beginning, so the first letters of a word are. A search matches where all its terms,
parted by blanks, do.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

PREFIX_MOST = 6
_EAST = (
    "\u1100-\u11ff\u3005-\u3007\u3040-\u30ff\u3130-\u318f\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff"
)
_RUNS = re.compile(f"[{_EAST}]+|[^\\W_{_EAST}]+")
_IS_EAST = re.compile(f"[{_EAST}]").match
_IS_WORD = re.compile(f"[^\\W_{_EAST}]").match
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s]").search


def fold(text: str) -> str:
    """As texts are compared: composed, and without regard to case."""
    return unicodedata.normalize("NFC", text).casefold()


def pieces_of(folded: str) -> set[str]:
    """All pieces of a text."""
    found: set[str] = set()
    for run in set(_RUNS.findall(folded)):
        if _IS_EAST(run):
            found.update(run)
            found.update(map(str.__add__, run, run[1:]))
        else:
            found.update(run[:length] for length in range(1, min(len(run), PREFIX_MOST) + 1))
    return found


def pieces_sought(terms: Iterable[str]) -> set[str]:
    """Pieces that every text in which these terms match has; none where a term is of punctuation alone."""
    found: set[str] = set()
    for term in terms:
        for run in _RUNS.findall(term):
            if not _IS_EAST(run):
                found.add(run[:PREFIX_MOST])
            elif len(run) == 1:
                found.add(run)
            else:
                found.update(map(str.__add__, run, run[1:]))
    return found


def matches(terms: Iterable[str], folded: str) -> bool:
    """Whether a folded text has all the terms: words at their beginning, all else anywhere."""
    return all(_has(term, folded) for term in terms)


def has_address(text: str) -> bool:
    """Whether there is something to be opened in it."""
    return _ADDRESS(text) is not None


def is_found_as_it_stands(term: str) -> bool:
    """Whether looking for these very characters in the text as it is kept finds all that match."""
    return all(map(_IS_EAST, term))


def _has(term: str, folded: str) -> bool:
    at = folded.find(term)
    if not _IS_WORD(term[0]):
        return at >= 0
    while at > 0 and _IS_WORD(folded[at - 1]):
        at = folded.find(term, at + 1)
    return at >= 0
