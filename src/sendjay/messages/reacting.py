"""Reactions: emoji that people put under a message. They stand in its row, so they are bounded."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from sendjay.actor import Actor
from sendjay.messages.changing import change_message, message_to_change
from sendjay.protocol.errors import Code, Refused
from sendjay.protocol.objects import Reaction
from sendjay.storage.transaction import Transaction

KINDS_MOST = 20
"""Different emoji under one message."""
REACTIONS_MOST = 300
"""Of all people together."""
EMOJI_MOST = 16
"""Code points of one emoji: flags and families are several."""

_PICTURES = frozenset({"So", "Sk"})
_JOINING = frozenset({"Mn", "Me", "Cf"})


@dataclass(frozen=True)
class React:
    """Put an emoji under a message (`on`), or take mine away."""

    actor: Actor
    room_id: str
    seq: int
    emoji: str
    on: bool

    def __call__(self, tx: Transaction) -> None:
        """Raises Refused: NOT_FOUND, INVALID, TOO_MANY."""
        access, message = message_to_change(tx, self.actor, self.room_id, self.seq)
        access.require_talk()
        reactions = _changed(message.reactions, self.emoji, self.actor.user_id, on=self.on)
        if reactions != message.reactions:
            change_message(tx, access, message, reactions=reactions)


def clean_emoji(emoji: str) -> str:
    """As it is kept. Raises Refused(INVALID) for what is no emoji: a word under a message would be one more
    way to write, past all that is done with text.
    """
    emoji = unicodedata.normalize("NFC", emoji)
    kinds = {unicodedata.category(each) for each in emoji}
    is_picture = bool(kinds & _PICTURES) and kinds <= _PICTURES | _JOINING
    is_key = len(emoji) in (2, 3) and emoji[0] in "0123456789#*" and emoji[1:] in ("\u20e3", "\ufe0f\u20e3")
    if len(emoji) > EMOJI_MOST or not (is_picture or is_key):
        raise Refused(Code.INVALID, "This is no emoji.")
    return emoji


def _changed(reactions: Sequence[Reaction], emoji: str, user: str, *, on: bool) -> list[Reaction]:
    people = {each.emoji: each.people for each in reactions}
    held = people.get(emoji, [])
    if on == (user in held):
        return list(reactions)
    people[emoji] = [*held, user] if on else [each for each in held if each != user]
    if on and (len(people) > KINDS_MOST or sum(map(len, people.values())) > REACTIONS_MOST):
        raise Refused(Code.TOO_MANY, "There are too many reactions under this message.")
    return [Reaction(each, who) for each, who in people.items() if who]
