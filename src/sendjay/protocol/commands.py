"""Every command a client may send over the socket. The `cmd` field says which one it is.

Limits that stand in a type (lengths, counts) are refused by the decoder; rules that need state are
refused by the services. Unknown fields are refused, so that a misspelt option is never quietly ignored.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

Id = Annotated[str, Meta(min_length=1, max_length=64)]
ClientId = Annotated[str, Meta(min_length=8, max_length=64, pattern=r"^[!-~]+$(?!\n)")]
"""The client's idempotency key: printable ASCII, unique per sender for ever. Any random UUID will do; one
that rises with time (UUID version 7) is cheaper to keep."""
Seq = Annotated[int, Meta(ge=0, le=2**53 - 1)]
RequestId = Annotated[int, Meta(ge=0, le=2**53 - 1)]
People = Annotated[list[Id], Meta(max_length=2000)]
Mentions = Annotated[list[Id], Meta(max_length=50)]
Files = Annotated[list[Id], Meta(max_length=20)]
SearchKind = Literal["image", "video", "file", "link"]
SearchKinds = Annotated[list[SearchKind], Meta(max_length=4)]
SearchText = Annotated[str, Meta(max_length=200)]
RoomName = Annotated[str, Meta(max_length=200)]


class Command(Struct, tag_field="cmd", forbid_unknown_fields=True, frozen=True, gc=False):
    """What every command carries: the id its reply will name."""

    id: RequestId


class SyncRequest(Struct, forbid_unknown_fields=True, frozen=True):
    """What a client holds: each room's [version, read_version] and the version of its personal stream.

    A read_version of -1 says that the client keeps no cursors of that room.
    """

    rooms: Annotated[dict[Id, tuple[Seq, int]], Meta(max_length=5000)] = {}
    personal: Seq = 0


class Place(Struct, forbid_unknown_fields=True, frozen=True):
    """How a page wants its person's one live place for this kind of device (web, app).

    A page that is not given the place is parked: it stays connected, hears nothing but ticks, and may take
    the place later with `place.take`.
    """

    claim: bool = True
    """Take the place from whoever has it: the person is here. Without it, the place is given only where
    nobody has it, or nobody has taken it since `generation`."""
    generation: Seq = 0
    """The generation that this page had last; 0: none."""
    standing: Literal["window", "background"] = "window"
    """The messenger itself, or a page of the portal that has it in the background. A background page never
    takes the place from a window of the same browser."""
    browser: Annotated[str, Meta(max_length=64)] = ""
    """The same for all pages of one browser, as far as they know; empty: the device of the session."""


class Hello(Command, tag="hello"):
    """The first frame of a connection, within 10 s. Without `token` the page's cookie is used."""

    token: Annotated[str, Meta(max_length=4096)] | None = None
    sync: SyncRequest | None = None
    """What to bring up to date in the same answer."""
    place: Place | None = None
    """Without it the connection takes the place (`{"claim": true}`)."""


class PlaceTake(Command, tag="place.take"):
    """The person uses this page now: it was parked, and takes the place over. Answered like hello."""

    sync: SyncRequest | None = None
    claim: bool = True
    """False in answer to `place.free`: only if nobody else has taken it meanwhile."""


class Tick(Command, tag="tick"):
    """Answers the server's tick, or asks whether the connection is alive."""


class Sync(Command, tag="sync"):
    """What changed since? See `SyncRequest`."""

    rooms: Annotated[dict[Id, tuple[Seq, int]], Meta(max_length=5000)] = {}
    personal: Seq = 0


class RoomsList(Command, tag="rooms.list"):
    """All rooms that I am in and have not hidden, newest first."""


class RoomCreate(Command, tag="room.create"):
    """A room of these people and me; the same set of people gives the room that exists already.

    Nobody else: my room with myself. One other: 1:1. More: a group, of which I am master.
    """

    client_id: ClientId
    people: People


class RoomGet(Command, tag="room.get"):
    """One room as I see it in my list."""

    room: Id


class RoomOpen(Command, tag="room.open"):
    """I have this room on screen: give me its members and their cursors, and keep those coming."""

    room: Id


class RoomClose(Command, tag="room.close"):
    """I no longer have this room on screen."""

    room: Id


class RoomInvite(Command, tag="room.invite"):
    """Any member of a group brings people in; those who are members already are passed over."""

    client_id: ClientId
    room: Id
    people: Annotated[People, Meta(min_length=1)]


class RoomLeave(Command, tag="room.leave"):
    """I leave a group; a room of two is cleared for me and hidden until the next message."""

    room: Id


class RoomRemove(Command, tag="room.remove"):
    """The master removes a member."""

    room: Id
    person: Id


class RoomRename(Command, tag="room.rename"):
    """A name for everybody (the master's right) or for me alone (which wins). Null or blank takes it away."""

    room: Id
    name: RoomName | None
    scope: Literal["all", "me"]


class RoomPreferences(Command, tag="room.preferences"):
    """What is mine alone in a room; fields left out stay as they are."""

    room: Id
    muted: bool | None = None
    pinned: bool | None = None
    show_members: bool | None = None


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


class RoomClear(Command, tag="room.clear"):
    """I do not want to see anything of what was said in this room until now."""

    room: Id


class RoomPin(Command, tag="room.pin"):
    """Hang a message above the talk, for all; another one takes its place. 0 takes it down."""

    room: Id
    seq: Seq


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


class TypingSet(Command, tag="typing.set"):
    """I am typing in this room (repeat every 4 s), or no longer."""

    room: Id
    typing: bool


class PresenceWatch(Command, tag="presence.watch"):
    """The people I have on screen now; replaces those watched before."""

    people: Annotated[list[Id], Meta(max_length=1000)]


class FocusSet(Command, tag="focus.set"):
    """The rooms in front of the person's eyes on this connection; replaces what was said before.

    My other devices hear of it, and give no notification for these rooms.
    """

    rooms: Annotated[list[Id], Meta(max_length=20)]


class DraftSet(Command, tag="draft.set"):
    """What I have begun to write in a room, for my other devices; an empty text takes it away."""

    room: Id
    text: Annotated[str, Meta(max_length=4000)]


class NewsGet(Command, tag="news.get"):
    """How much is unread, for a badge; and rooms with unread talks newer than `since`, newest first."""

    since: Annotated[int, Meta(ge=0, le=2**53 - 1)] = 0
    """Milliseconds since 1970 by the server's clock; 0: no rooms, the number only."""


class SearchRoom(Command, tag="search.room"):
    """Find messages in a room: all of the words, and all else that is asked for."""

    room: Id
    text: SearchText = ""
    """Words parted by blanks. Korean is found by any part of a word, other words by their beginning."""
    sender: Annotated[str, Meta(max_length=64)] = ""
    kinds: SearchKinds = []
    """With any of these; none: whatever they carry."""
    since: Seq = 0
    """Sent then or later, in milliseconds since 1970 UTC."""
    until: Seq = 0
    """Sent before; 0: until now."""
    before: Seq = 0
    """Go on below this seq; 0: from the newest on."""
    limit: Annotated[int, Meta(ge=1, le=50)] = 30


class SearchAll(Command, tag="search.all"):
    """The same in all rooms of my list, the newest first."""

    text: SearchText = ""
    sender: Annotated[str, Meta(max_length=64)] = ""
    kinds: SearchKinds = []
    since: Seq = 0
    until: Seq = 0
    after: Annotated[str, Meta(max_length=200)] = ""
    """The `next` of the answer before."""
    limit: Annotated[int, Meta(ge=1, le=50)] = 30


class ItemRef(Struct, forbid_unknown_fields=True, frozen=True):
    """An item as its host names it."""

    kind: Annotated[str, Meta(min_length=1, max_length=64)]
    id: Annotated[str, Meta(min_length=1, max_length=200)]


class ItemAsk(Command, tag="item.ask"):
    """The button under a post: what it is about, and my room about it if there is one."""

    item: ItemRef
    ticket: Annotated[str, Meta(max_length=8192)] = ""
    """The host's word that I see this item now; needed where the host has not opened it to all."""
    pass_: Annotated[str, Meta(max_length=200)] = field(default="", name="pass")
    """Instead: what an earlier answer gave me for the ticket."""
    history: Annotated[int, Meta(ge=0, le=200)] = 0
    """How many of the newest rows of my room to answer with, so that it can be shown at once."""


class ItemSend(Command, tag="item.send"):
    """A message to the owner of an item; the first one makes the room. Answered after it is on disk."""

    item: ItemRef
    client_id: ClientId
    body: Annotated[str, Meta(max_length=4000)] = ""
    files: Files = []
    pass_: Annotated[str, Meta(max_length=200)] = field(default="", name="pass")
    """From the answer of `item.ask`; needed as long as there is no room."""


class ItemsOwned(Command, tag="items.owned"):
    """My items that others have asked about; where something happened last comes first."""

    after: Annotated[str, Meta(max_length=200)] = ""
    """The `next` of the answer before."""
    limit: Annotated[int, Meta(ge=1, le=100)] = 50


class ItemsAsked(Command, tag="items.asked"):
    """My rooms about items of others, the same way."""

    after: Annotated[str, Meta(max_length=200)] = ""
    limit: Annotated[int, Meta(ge=1, le=100)] = 50


class ItemRooms(Command, tag="item.rooms"):
    """My rooms about one item: those of all askers if it is mine, else my own."""

    item: ItemRef
    after: Annotated[str, Meta(max_length=200)] = ""
    limit: Annotated[int, Meta(ge=1, le=100)] = 50


class ItemsComing(Command, tag="items.coming"):
    """Days of my deals that are not over, the nearest first; at most 200."""


class PersonBlock(Command, tag="person.block"):
    """Neither of us can write to the other in rooms of two, from now on; or we can again."""

    person: Id
    on: bool


class PeopleBlocked(Command, tag="people.blocked"):
    """Whom I have blocked."""


class RoomReport(Command, tag="room.report"):
    """Tell the administrator of what the other one does here; the last messages go along."""

    room: Id
    reason: Literal["spam", "fraud", "abuse", "illegal", "other"]
    text: Annotated[str, Meta(max_length=1000)] = ""


AnyCommand = (
    Hello | Tick | Sync | RoomsList | RoomCreate | RoomGet | RoomOpen | RoomClose | RoomInvite | RoomLeave
    | RoomRemove | RoomRename | RoomPreferences | RoomClear | RoomPin | MessageSend | MessageHistory
    | MessageGet | MessageEdit | MessageReact | MessageRevoke | MessageDelete | MessageUnreadBy | ReadMark
    | UnreadGet | TypingSet | PresenceWatch | PlaceTake | FocusSet | DraftSet | NewsGet | SearchRoom
    | SearchAll | ItemAsk | ItemSend | ItemsOwned | ItemsAsked | ItemRooms | ItemsComing | PersonBlock
    | PeopleBlocked | RoomReport
)  # fmt: skip
