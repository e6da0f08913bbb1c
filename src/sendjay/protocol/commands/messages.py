"""What is said, read, changed and taken back."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from sendjay.protocol.commands.fields import ClientId, Command, Files, Id, Mentions, Seq


class Original(Struct, forbid_unknown_fields=True, frozen=True):
    """A message that I may see, to be passed on."""

    room: Id
    seq: Seq


class MessageSend(Command, tag="message.send"):
    """A text of at most 4,000 UTF-16 units, files, or both. Answered after it is on disk."""

    room: Id
    client_id: ClientId
    body: Annotated[str, Meta(max_length=4000)] = ""
    """May be empty where files go along, and is where a message is passed on."""
    reply_to: Seq = 0
    """The message that this one answers: one of this room that I may see. 0: none."""
    mentions: Mentions = []
    """People that it names. Who is no member (any more) is left out."""
    files: Files = []
    """Ids of files that I have uploaded, or that were sent to me."""
    forward: Original | None = None
    """Pass on the text and the files of this message; nothing else can be given with it."""


class MessageHistory(Command, tag="message.history"):
    """A page of the timeline in ascending order: the newest rows, those `before` or `after` a seq, or
    `around` it.
    """

    room: Id
    before: Seq | None = None
    after: Seq | None = None
    around: Seq | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class MessageGet(Command, tag="message.get"):
    """Single messages, such as those that others answer. What is not there or not mine to see is left out."""

    room: Id
    seqs: Annotated[list[Seq], Meta(min_length=1, max_length=50)]


class MessageEdit(Command, tag="message.edit"):
    """Another text for a message of mine, as long as the house allows it. What it said is kept."""

    room: Id
    seq: Seq
    body: Annotated[str, Meta(min_length=1, max_length=4000)]


class MessageRevoke(Command, tag="message.revoke"):
    """I take back a message of mine. Who had read it sees that there was one, nobody else sees anything."""

    room: Id
    seq: Seq


class MessageDelete(Command, tag="message.delete"):
    """I do not want to see these messages any more, on all my devices. Others keep them."""

    room: Id
    seqs: Annotated[list[Seq], Meta(min_length=1, max_length=100)]


class MessageReact(Command, tag="message.react"):
    """Put an emoji under a message, or take mine away. A message has at most 20 kinds, and 300 in all."""

    room: Id
    seq: Seq
    emoji: Annotated[str, Meta(min_length=1, max_length=32)]
    on: bool


class MessageUnreadBy(Command, tag="message.unread_by"):
    """Who has not read this message?"""

    room: Id
    seq: Seq


class ReadMark(Command, tag="read.mark"):
    """I have seen everything up to `seq`. A cursor never goes back."""

    room: Id
    seq: Seq


class UnreadGet(Command, tag="unread.get"):
    """My unread numbers of these rooms, counted now."""

    rooms: Annotated[list[Id], Meta(max_length=500)]


class DraftSet(Command, tag="draft.set"):
    """What I have begun to write in a room, for my other devices; an empty text takes it away."""

    room: Id
    text: Annotated[str, Meta(max_length=4000)]
