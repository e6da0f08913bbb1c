"""What each command is answered with, and the envelopes around it."""

from __future__ import annotations

from msgspec import Struct, field

from sendjay.protocol.objects import (
    Draft,
    Hit,
    Item,
    ItemAsked,
    Member,
    Message,
    MyRoom,
    MySettings,
    PlaceHolder,
    Presence,
    RoomDelta,
    RoomView,
    Upcoming,
    Wire,
)


class Done(Wire):
    """It is done, and there is nothing to add."""


class SyncAnswer(Wire):
    """Everything that moved. Rooms the client did not name come as `limited`."""

    personal: int
    """The version of my personal stream that this answer reaches."""
    rooms: list[RoomDelta] = []
    mine: list[MyRoom] = []
    """My side of rooms whose own timeline did not move."""
    gone: list[str] = []
    """Rooms the client named and may not see (any more)."""
    drafts: list[Draft] = []
    """My drafts that changed."""
    settings: MySettings | None = None
    """My settings, if they changed."""
    deleted: dict[str, list[int]] = {}
    """Messages (room: seqs) that I have deleted for myself since."""


class Welcome(Wire):
    """Answer to hello."""

    user: str
    session: str
    connection: str
    server_time: int
    tick_seconds: int
    max_frame_bytes: int
    receipts: str
    """Whose read cursors are shown: all, sender or nobody."""
    edit_hours: int = 0
    """So long may a message be edited; 0: for ever."""
    revoke_hours: int = 0
    """So long may it be taken back; 0: for ever."""
    sync: SyncAnswer | None = None
    """Null where none was asked for, and where the page is parked."""
    generation: int = 0
    """Of the place that this page has now, kept for the next hello; a parked page hears its own."""
    parked: PlaceHolder | None = None
    """Somebody else has the place: quiet until `place.free`, or until the person uses this page."""
    token_seconds: int = 0
    """How long the access token is still good; renew it before."""
    settings: MySettings | None = None
    focused: list[str] = []
    """Rooms in front of my eyes on my other devices."""


class RoomsAnswer(Wire):
    personal: int
    rooms: list[RoomView] = []


class RoomAnswer(Wire):
    room: RoomView
    created: bool = False


class OpenAnswer(Wire):
    """The room, its members and their cursors at room.read_version."""

    room: RoomView
    members: list[Member]


class HistoryAnswer(Wire):
    """Rows in ascending order of seq."""

    messages: list[Message]
    version: int
    """The room's version that this page was read at."""
    more_before: bool = False
    more_after: bool = False


class MessagesAnswer(Wire):
    """In ascending order of seq."""

    messages: list[Message]
    version: int
    """The room's version that they were read at."""


class SearchAnswer(Wire):
    """What was found in a room, the newest first."""

    messages: list[Message]
    next: int = 0
    """Ask for what lies before this seq to go on; 0: that was all. There may be more even where nothing was
    found yet.
    """


class HitsAnswer(Wire):
    """What was found in all my rooms, the newest first."""

    hits: list[Hit]
    next: str = ""
    """Ask for what comes after this to go on; empty: that was all."""


class ItemAnswer(Wire):
    item: Item
    room: RoomView | None = None
    """Null: nothing has been said yet."""
    pass_: str = field(default="", name="pass")
    """To be given with the first message, for a day."""
    history: HistoryAnswer | None = None
    """As much of the room's as was asked for."""


class OwnedAnswer(Wire):
    items: list[ItemAsked] = []
    next: str = ""
    """Ask for what comes after this to go on; empty: that was all."""


class ItemRoomsAnswer(Wire):
    rooms: list[RoomView] = []
    next: str = ""


class ComingAnswer(Wire):
    deals: list[Upcoming] = []


class BlockedAnswer(Wire):
    people: list[str] = []
    """Ids, the last blocked first."""


class SendAnswer(Wire):
    """The message is on disk."""

    seq: int
    version: int
    at: int
    room: str


class ReadersAnswer(Wire):
    """Members but for the sender, by the time they joined."""

    people: list[str]
    """Who has not read it."""
    read: list[str] = []
    """Who has."""


class CursorAnswer(Wire):
    """Where my cursor is now, and what is still unread above it."""

    read_seq: int
    unread: int


class UnreadAnswer(Wire):
    unread: dict[str, int]


class PresenceAnswer(Wire):
    people: dict[str, Presence]


class DraftAnswer(Wire):
    personal: int
    """The version of my personal stream that has it."""


class NewsAnswer(Wire):
    unread: int
    """Unread talks of all rooms that are not muted."""
    rooms: list[RoomView] = []
    """At most 5."""


class Reply(Struct, frozen=True, gc=False):
    """A good answer; `ok` holds the answer of the command that `re` names."""

    re: int
    ok: Wire


class Refusal(Struct, omit_defaults=True, frozen=True, gc=False):
    """Why not: `code` for programs and stable, `message` for people; `retry`: trying again may help."""

    code: str
    message: str
    retry: bool = False
    retry_after_ms: int | None = None


class ErrorReply(Struct, omit_defaults=True, frozen=True, gc=False):
    """A refusal; `re` is null when the frame was too broken to tell its id."""

    re: int | None
    error: Refusal


ANSWERS: dict[str, type[Wire]] = {
    "hello": Welcome,
    "tick": Done,
    "sync": SyncAnswer,
    "rooms.list": RoomsAnswer,
    "room.create": RoomAnswer,
    "room.get": RoomAnswer,
    "room.open": OpenAnswer,
    "room.close": Done,
    "room.invite": RoomAnswer,
    "room.leave": Done,
    "room.remove": RoomAnswer,
    "room.rename": RoomAnswer,
    "room.preferences": RoomAnswer,
    "message.send": SendAnswer,
    "message.history": HistoryAnswer,
    "message.get": MessagesAnswer,
    "message.edit": Done,
    "message.react": Done,
    "message.revoke": Done,
    "message.delete": Done,
    "room.clear": RoomAnswer,
    "room.pin": Done,
    "message.unread_by": ReadersAnswer,
    "read.mark": CursorAnswer,
    "unread.get": UnreadAnswer,
    "typing.set": Done,
    "presence.watch": PresenceAnswer,
    "place.take": Welcome,
    "focus.set": Done,
    "draft.set": DraftAnswer,
    "news.get": NewsAnswer,
    "search.room": SearchAnswer,
    "search.all": HitsAnswer,
    "item.ask": ItemAnswer,
    "item.send": SendAnswer,
    "items.owned": OwnedAnswer,
    "items.asked": ItemRoomsAnswer,
    "item.rooms": ItemRoomsAnswer,
    "items.coming": ComingAnswer,
    "person.block": Done,
    "people.blocked": BlockedAnswer,
    "room.report": Done,
}
"""The answer of each command, for the generated contract."""
