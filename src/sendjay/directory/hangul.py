"""Finding Korean names by initial consonants (초성): ㅎㄱㄷ, ㄱㄷ and 홍ㄱㄷ all find 홍길동."""

from __future__ import annotations

import unicodedata

INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_FIRST, _LAST = "가", "힣"
_SYLLABLES_PER_INITIAL = 588
_CLUSTERS = {
    "ㄳ": "ㄱㅅ", "ㄵ": "ㄴㅈ", "ㄶ": "ㄴㅎ", "ㄺ": "ㄹㄱ", "ㄻ": "ㄹㅁ", "ㄼ": "ㄹㅂ", "ㄽ": "ㄹㅅ",
    "ㄾ": "ㄹㅌ", "ㄿ": "ㄹㅍ", "ㅀ": "ㄹㅎ", "ㅄ": "ㅂㅅ",
}  # fmt: skip
"""An input method joins ㄱ and ㅅ typed in a row into ㄳ: what was meant are two initials."""
_CONJOINING = {chr(0x1100 + position): initial for position, initial in enumerate(INITIALS)}
_TYPED = str.maketrans(_CLUSTERS | _CONJOINING)


def fold(text: str) -> str:
    """`text` as it is compared: NFC, without case, outer spaces gone, inner ones single."""
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
    return " ".join(folded.split())


def initial(character: str) -> str:
    """The initial consonant of a syllable; any other character is its own."""
    if _FIRST <= character <= _LAST:
        return INITIALS[(ord(character) - ord(_FIRST)) // _SYLLABLES_PER_INITIAL]
    return character


def initials(name: str) -> str:
    """The folded name, without spaces, in initial consonants: 홍 길동 is ㅎㄱㄷ, Kim철수 is kimㅊㅅ."""
    return "".join(initial(character) for character in fold(name) if character != " ")


def as_typed(word: str) -> str:
    """A folded search word with its consonants as initials."""
    return word.translate(_TYPED)


def has_initials(word: str) -> bool:
    return any(character in INITIALS for character in word)


def is_mixed(word: str) -> bool:
    """Initials beside whole syllables, as in 홍ㄱㄷ."""
    return has_initials(word) and any(_FIRST <= character <= _LAST for character in word)


def matches(name: str, word: str) -> bool:
    """Does the word stand somewhere in the name, letter by letter, initials standing for their syllables?"""
    letters = fold(name).replace(" ", "")
    return any(
        all(_same(letters[start + offset], wanted) for offset, wanted in enumerate(word))
        for start in range(len(letters) - len(word) + 1)
    )


def _same(letter: str, wanted: str) -> bool:
    return letter == wanted or (wanted in INITIALS and initial(letter) == wanted)
