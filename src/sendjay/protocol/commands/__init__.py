"""Every command a client may send over the socket. The `cmd` field says which one it is.

Limits that stand in a type (lengths, counts) are refused by the decoder; rules that need state are
refused by the services. Unknown fields are refused, so that a misspelt option is never quietly ignored.
"""

from __future__ import annotations

from sendjay.protocol.commands.connection import (
    FocusSet,
    Hello,
    NewsGet,
    Place,
    PlaceTake,
    PresenceWatch,
    Sync,
    SyncRequest,
    Tick,
    TypingSet,
)
from sendjay.protocol.commands.fields import (
    ClientId,
    Command,
    Files,
    Id,
    Mentions,
    People,
    RequestId,
    RoomName,
    SearchKind,
    SearchKinds,
    SearchText,
    Seq,
)
from sendjay.protocol.commands.items import (
    ItemAsk,
    ItemRef,
    ItemRooms,
    ItemsAsked,
    ItemsComing,
    ItemSend,
    ItemsOwned,
    PeopleBlocked,
    PersonBlock,
    RoomReport,
)
from sendjay.protocol.commands.messages import (
    DraftSet,
    MessageDelete,
    MessageEdit,
    MessageGet,
    MessageHistory,
    MessageReact,
    MessageRevoke,
    MessageSend,
    MessageUnreadBy,
    Original,
    ReadMark,
    UnreadGet,
)
from sendjay.protocol.commands.rooms import (
    RoomClear,
    RoomClose,
    RoomCreate,
    RoomGet,
    RoomInvite,
    RoomLeave,
    RoomOpen,
    RoomPin,
    RoomPreferences,
    RoomRemove,
    RoomRename,
    RoomsList,
)
from sendjay.protocol.commands.search import SearchAll, SearchRoom

__all__ = [
    "AnyCommand",
    "ClientId",
    "Command",
    "DraftSet",
    "Files",
    "FocusSet",
    "Hello",
    "Id",
    "ItemAsk",
    "ItemRef",
    "ItemRooms",
    "ItemSend",
    "ItemsAsked",
    "ItemsComing",
    "ItemsOwned",
    "Mentions",
    "MessageDelete",
    "MessageEdit",
    "MessageGet",
    "MessageHistory",
    "MessageReact",
    "MessageRevoke",
    "MessageSend",
    "MessageUnreadBy",
    "NewsGet",
    "Original",
    "People",
    "PeopleBlocked",
    "PersonBlock",
    "Place",
    "PlaceTake",
    "PresenceWatch",
    "ReadMark",
    "RequestId",
    "RoomClear",
    "RoomClose",
    "RoomCreate",
    "RoomGet",
    "RoomInvite",
    "RoomLeave",
    "RoomName",
    "RoomOpen",
    "RoomPin",
    "RoomPreferences",
    "RoomRemove",
    "RoomRename",
    "RoomReport",
    "RoomsList",
    "SearchAll",
    "SearchKind",
    "SearchKinds",
    "SearchRoom",
    "SearchText",
    "Seq",
    "Sync",
    "SyncRequest",
    "Tick",
    "TypingSet",
    "UnreadGet",
]

AnyCommand = (
    Hello | Tick | Sync | RoomsList | RoomCreate | RoomGet | RoomOpen | RoomClose | RoomInvite | RoomLeave
    | RoomRemove | RoomRename | RoomPreferences | RoomClear | RoomPin | MessageSend | MessageHistory
    | MessageGet | MessageEdit | MessageReact | MessageRevoke | MessageDelete | MessageUnreadBy | ReadMark
    | UnreadGet | TypingSet | PresenceWatch | PlaceTake | FocusSet | DraftSet | NewsGet | SearchRoom
    | SearchAll | ItemAsk | ItemSend | ItemsOwned | ItemsAsked | ItemRooms | ItemsComing | PersonBlock
    | PeopleBlocked | RoomReport
)  # fmt: skip
