"""What is searched for: words, and whose, of which kind, from when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from sendjay.protocol.commands import SearchKind
from sendjay.protocol.errors import Code, Refused
from sendjay.protocol.objects import FileInfo, Message
from sendjay.search.signature import Sought
from sendjay.search.words import fold, has_address, is_found_as_it_stands, matches, pieces_of, pieces_sought

BLOCK = 256
"""Rows of a room that are known by one signature."""
TERMS_MOST = 12
FOREVER = 2**53


def block_of(seq: int) -> int:
    return (seq - 1) // BLOCK


@dataclass(frozen=True)
class Query:
    """What a message must have to be found."""

    text: str = ""
    sender: str = ""
    kinds: tuple[SearchKind, ...] = ()
    """Any of these; none: whatever it carries."""
    since: int = 0
    until: int = FOREVER
    """Sent before, in milliseconds."""
    terms: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "terms", tuple(dict.fromkeys(fold(self.text).split())))
        if len(self.terms) > TERMS_MOST:
            raise Refused(Code.INVALID, "There are too many words.")
        if not self.terms and not self.sender and not self.kinds and not self.has_dates:
            raise Refused(Code.INVALID, "There is nothing to search for.")

    @property
    def has_dates(self) -> bool:
        return self.since > 0 or self.until < FOREVER

    @cached_property
    def sought(self) -> list[Sought]:
        """A block is worth looking through where all the words may be, and any of the kinds."""
        needed = pieces_sought(self.terms) | ({_of_sender(self.sender)} if self.sender else set())
        return [Sought(needed | {_of_kind(kind)}) for kind in self.kinds] or [Sought(needed)]

    @cached_property
    def raw(self) -> str:
        """The longest term that the database itself can look for; empty: none."""
        plain = [term for term in self.terms if is_found_as_it_stands(term)]
        return max(plain, key=len, default="")

    def fits(self, message: Message) -> bool:
        if message.kind != "text" or (self.sender and message.sender != self.sender):
            return False
        if not self.since <= message.at < self.until:
            return False
        if self.kinds and not kinds_of(message.body, message.files) & set(self.kinds):
            return False
        return matches(self.terms, searched_text(message.body, message.files))


def query_for(text: str, sender: str, kinds: Sequence[SearchKind], since: int, until: int) -> Query:
    """As it is asked for: `until` 0 says no bound. Raises Refused(INVALID)."""
    if not (text + sender).isprintable():
        raise Refused(Code.INVALID)
    return Query(text, sender, tuple(dict.fromkeys(kinds)), since, until or FOREVER)


def searched_text(body: str, files: Sequence[FileInfo]) -> str:
    """What is found of a message: its words, and what its files are called. Folded."""
    return fold("\n".join((body, *(each.name for each in files))) if files else body)


def kinds_of(body: str, files: Sequence[FileInfo]) -> set[SearchKind]:
    kinds: set[SearchKind] = {each.kind for each in files}
    if has_address(body):
        kinds.add("link")
    return kinds


def pieces_of_message(sender: str, body: str, files: Sequence[FileInfo]) -> set[str]:
    """All that a message can be found by, as its block keeps it."""
    return pieces_of(searched_text(body, files)) | marks_of((sender,), kinds_of(body, files))


def marks_of(senders: Iterable[str], kinds: Iterable[str]) -> set[str]:
    """What says whose messages, and of which kinds, are in a block."""
    return {_of_sender(each) for each in senders} | {_of_kind(each) for each in kinds}


def _of_sender(user: str) -> str:
    # No word has a NUL.
    return f"\0s{user}"


def _of_kind(kind: str) -> str:
    return f"\0k{kind}"
