"""Reactions: emoji that people put under a message. They stand in its row, so they are bounded."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from sendjay.actor import Actor
from sendjay.messages import store
from sendjay.protocol.errors import Code, Refused
from sendjay.protocol.events import MessageChanged
from sendjay.protocol.objects import Extra, Message, Reaction
from sendjay.realtime.deliveries import ToRoom
from sendjay.rooms.service import Access, access_room, move_version, require_session
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
        require_session(tx, self.actor)
        access = access_room(tx.connection, self.actor, self.room_id)
        message = store.load_one(tx.connection, self.room_id, self.seq) if self.seq > access.floor else None
        if message is None or message.kind == "notice":
            raise Refused(Code.NOT_FOUND)
        reactions = _changed(message.reactions, self.emoji, self.actor.user_id, on=self.on)
        if reactions != message.reactions:
            _write(tx, access, message, reactions)


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


def _write(tx: Transaction, access: Access, message: Message, reactions: list[Reaction]) -> None:
    room = access.room
    version = move_version(tx, room)
    changed = msgspec.structs.replace(message, version=version, reactions=reactions)
    kept = msgspec.convert(changed, Extra, from_attributes=True)
    text = None if kept == Extra() else msgspec.json.encode(kept).decode()
    store.change(tx, room.room_id, message.seq, version, {"extra": text})
    tx.publish(ToRoom(room.room_id, MessageChanged(room.room_id, version, changed), room.members_version))
