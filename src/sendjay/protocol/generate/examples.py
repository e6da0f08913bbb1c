"""One believable frame of everything that travels, for the reference and for readers of the AsyncAPI.

Kim Minji and Park Jihoon talk in a group of four; tests hold every frame against the decoders.
"""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from sendjay.protocol import commands as ask
from sendjay.protocol import events as tell
from sendjay.protocol import replies as answer
from sendjay.protocol.objects import (
    Absence,
    Deal,
    Draft,
    Hit,
    Item,
    ItemAsked,
    Member,
    Message,
    MyRoom,
    MySettings,
    Notice,
    Person,
    PlaceHolder,
    Presence,
    Room,
    RoomDelta,
    RoomView,
    Upcoming,
)

_ROOM = "1kc3x7m0q2f8vtn5w4hd"
_MINJI, _JIHOON, _SEOYEON, _DOYUN = "minji.kim", "jihoon.park", "seoyeon.lee", "doyun.choi"
_KEY = "6f1f0c1e-7a0b-4c53-9a53-2f6c1f0e8d11"
_TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJtaW5qaS5raW0ifQ.c2lnbmF0dXJl"  # noqa: S105 - signs nothing

_TALK = Message(41, 44, _JIHOON, 1_795_320_725_310, body="11시 회의 자료 올렸어요.", client_id=_KEY)
_EDITED = Message(
    41, 46, _JIHOON, 1_795_320_725_310, body="2시 회의 자료 올렸어요.", client_id=_KEY, reply_to=40,
    mentions=[_MINJI], edited_at=1_795_320_801_000,
)  # fmt: skip
_INVITED = Message(42, 45, _MINJI, 1_795_320_790_002, kind="notice", notice=Notice("invited", [_DOYUN]))
_HEAD = Room(
    id=_ROOM, kind="group", seq=42, version=45, members_version=45, read_version=61, member_count=4,
    people=[_MINJI, _JIHOON, _SEOYEON, _DOYUN], name="3분기 견적", master=_MINJI, last=_TALK,
    created_at=1_795_280_400_000,
)  # fmt: skip
_MINE = MyRoom(_ROOM, floor=0, epoch=1, read_seq=40, unread=1, pinned=True)
_VIEW = RoomView(_HEAD, _MINE)
_MEMBERS = [Member(_MINJI, 0, 42), Member(_JIHOON, 0, 41), Member(_SEOYEON, 0, 37), Member(_DOYUN, 41, 41)]
_DELTA = RoomDelta(_HEAD, _MINE, messages=[_TALK, _INVITED], members=[_MEMBERS[3]], cursors={_SEOYEON: 37})
_DRAFT = Draft(_ROOM, "네, 그럼 견적은", 1_795_320_795_640)
_SETTINGS = MySettings(sound=False, hours_from="0800", hours_to="1900")
_SYNCED = answer.SyncAnswer(personal=18, rooms=[_DELTA])

_PASS = "1kc3x6.Zm9y"  # noqa: S105 - opens nothing
_CAMERA = ask.ItemRef("camera", "17")
_ITEM = Item(
    "camera", "17", "필름 카메라", _MINJI, price="하루 12,000원", link="https://market.example.com/17"
)
_RESERVED = replace(_ITEM, deal=Deal("reserved", since="2026-11-28", until="2026-11-30"))
_ITEM_VIEW = RoomView(
    replace(_HEAD, kind="item", name=None, master=None, member_count=2, people=[_JIHOON, _MINJI],
            item=_RESERVED),
    _MINE,
)  # fmt: skip

COMMANDS: dict[str, ask.Command] = {
    "hello": ask.Hello(
        1, token=_TOKEN, sync=ask.SyncRequest({_ROOM: (43, 60)}, 17),
        place=ask.Place(claim=False, generation=6, browser="8c1f6b2ad94e"),
    ),
    "tick": ask.Tick(2),
    "sync": ask.Sync(3, rooms={_ROOM: (43, 60)}, personal=17),
    "rooms.list": ask.RoomsList(4),
    "room.create": ask.RoomCreate(5, _KEY, [_JIHOON, _SEOYEON]),
    "room.get": ask.RoomGet(6, _ROOM),
    "room.open": ask.RoomOpen(7, _ROOM),
    "room.close": ask.RoomClose(8, _ROOM),
    "room.invite": ask.RoomInvite(9, _KEY, _ROOM, [_DOYUN]),
    "room.leave": ask.RoomLeave(10, _ROOM),
    "room.remove": ask.RoomRemove(11, _ROOM, _DOYUN),
    "room.rename": ask.RoomRename(12, _ROOM, "3분기 견적", "all"),
    "room.preferences": ask.RoomPreferences(13, _ROOM, pinned=True),
    "message.send": ask.MessageSend(14, _ROOM, _KEY, "11시 회의 자료 올렸어요."),
    "message.history": ask.MessageHistory(15, _ROOM, before=41, limit=50),
    "message.edit": ask.MessageEdit(27, _ROOM, 41, "2시 회의 자료 올렸어요."),
    "message.react": ask.MessageReact(26, _ROOM, 41, "👍", on=True),
    "message.revoke": ask.MessageRevoke(28, _ROOM, 41),
    "message.delete": ask.MessageDelete(29, _ROOM, [40, 41]),
    "room.clear": ask.RoomClear(30, _ROOM),
    "room.pin": ask.RoomPin(31, _ROOM, 41),
    "search.room": ask.SearchRoom(32, _ROOM, "견적", kinds=["file"]),
    "search.all": ask.SearchAll(33, "대표이사"),
    "message.get": ask.MessageGet(25, _ROOM, [41]),
    "message.unread_by": ask.MessageUnreadBy(16, _ROOM, 41),
    "read.mark": ask.ReadMark(17, _ROOM, 42),
    "unread.get": ask.UnreadGet(18, [_ROOM]),
    "typing.set": ask.TypingSet(19, _ROOM, typing=True),
    "presence.watch": ask.PresenceWatch(20, [_JIHOON, _SEOYEON]),
    "place.take": ask.PlaceTake(21, sync=ask.SyncRequest({_ROOM: (43, 60)}, 17)),
    "focus.set": ask.FocusSet(22, [_ROOM]),
    "draft.set": ask.DraftSet(23, _ROOM, "네, 그럼 견적은"),
    "news.get": ask.NewsGet(24, since=1_795_320_700_000),
    "item.ask": ask.ItemAsk(34, _CAMERA),
    "item.send": ask.ItemSend(35, _CAMERA, _KEY, "주말에 빌릴 수 있을까요?", pass_=_PASS),
    "items.owned": ask.ItemsOwned(36),
    "items.asked": ask.ItemsAsked(37),
    "item.rooms": ask.ItemRooms(38, _CAMERA),
    "items.coming": ask.ItemsComing(39),
    "person.block": ask.PersonBlock(40, _DOYUN, on=True),
    "people.blocked": ask.PeopleBlocked(41),
    "room.report": ask.RoomReport(42, _ROOM, "fraud", "선입금을 하라고 해요."),
}  # fmt: skip

ANSWERS: dict[str, answer.Wire] = {
    "hello": answer.Welcome(
        user=_MINJI, session="1kc3x6a4y9r0bq7ze2mh", connection="k7", server_time=1_795_320_800_000,
        tick_seconds=25, max_frame_bytes=262_144, receipts="all", sync=_SYNCED, generation=6,
        token_seconds=14_400, settings=_SETTINGS,
    ),
    "tick": answer.Done(),
    "sync": _SYNCED,
    "rooms.list": answer.RoomsAnswer(18, [_VIEW]),
    "room.create": answer.RoomAnswer(_VIEW, created=True),
    "room.get": answer.RoomAnswer(_VIEW),
    "room.open": answer.OpenAnswer(_VIEW, _MEMBERS),
    "room.close": answer.Done(),
    "room.invite": answer.RoomAnswer(_VIEW),
    "room.leave": answer.Done(),
    "room.remove": answer.RoomAnswer(_VIEW),
    "room.rename": answer.RoomAnswer(_VIEW),
    "room.preferences": answer.RoomAnswer(_VIEW),
    "message.send": answer.SendAnswer(41, 44, 1_795_320_725_310, _ROOM),
    "message.history": answer.HistoryAnswer([_TALK, _INVITED], 45, more_before=True),
    "message.edit": answer.Done(),
    "message.react": answer.Done(),
    "message.get": answer.MessagesAnswer([_TALK], 45),
    "message.unread_by": answer.ReadersAnswer([_SEOYEON]),
    "read.mark": answer.CursorAnswer(42, 0),
    "unread.get": answer.UnreadAnswer({_ROOM: 1}),
    "typing.set": answer.Done(),
    "presence.watch": answer.PresenceAnswer({_JIHOON: Presence(web=True), _SEOYEON: Presence()}),
    "place.take": answer.Welcome(
        user=_MINJI, session="1kc3x6a4y9r0bq7ze2mh", connection="k7", server_time=1_795_320_800_000,
        tick_seconds=25, max_frame_bytes=262_144, receipts="all", sync=_SYNCED, generation=7,
        token_seconds=14_100, settings=_SETTINGS,
    ),
    "focus.set": answer.Done(),
    "draft.set": answer.DraftAnswer(18),
    "news.get": answer.NewsAnswer(1, [_VIEW]),
    "search.room": answer.SearchAnswer([_TALK], 41),
    "search.all": answer.HitsAnswer([Hit(_ROOM, _TALK)]),
    "item.ask": answer.ItemAnswer(_ITEM, pass_=_PASS),
    "item.send": answer.SendAnswer(1, 2, 1_795_320_795_640, _ROOM),
    "items.owned": answer.OwnedAnswer([ItemAsked(_ITEM, 3, 2, 1_795_320_795_640)]),
    "items.asked": answer.ItemRoomsAnswer([_ITEM_VIEW]),
    "item.rooms": answer.ItemRoomsAnswer([_ITEM_VIEW]),
    "items.coming": answer.ComingAnswer([Upcoming(_ROOM, _RESERVED, _JIHOON)]),
    "person.block": answer.Done(),
    "people.blocked": answer.BlockedAnswer([_DOYUN]),
    "room.report": answer.Done(),
}  # fmt: skip

EVENTS: dict[str, tell.Event] = {
    "message.new": tell.MessageNew(_ROOM, 44, _TALK),
    "message.changed": tell.MessageChanged(_ROOM, 46, _EDITED),
    "room.changed": tell.RoomChanged(
        _ROOM, 45, 45, 4, _HEAD.people, "3분기 견적", _MINJI, [_MEMBERS[3]], [_INVITED]
    ),
    "room.added": tell.RoomAdded(_ROOM, 45),
    "room.gone": tell.RoomGone(_ROOM),
    "read.moved": tell.ReadMoved(_ROOM, 61, {_SEOYEON: 41}),
    "mine.changed": tell.MineChanged(18, [_MINE], [_DRAFT]),
    "typing": tell.Typing(_ROOM, _JIHOON, typing=True),
    "presence": tell.PresenceChanged({_JIHOON: Presence(web=True, app=True)}),
    "people.changed": tell.PeopleChanged(
        [
            Person(
                _SEOYEON, "이서연", job="책임", absence=Absence("biztrip", "부산", "2026-11-24", "2026-11-26")
            )
        ]
    ),
    "signed_out": tell.SignedOut("password_changed"),
    "parked": tell.Parked(PlaceHolder("web", "Chrome, Windows")),
    "place.free": tell.PlaceFree(),
    "focus": tell.FocusMoved([_ROOM]),
    "behind": tell.Behind(),
    "tick": tell.TickEvent(),
}

REFUSED = answer.ErrorReply(
    14, answer.Refusal("not_found", "There is no such thing, or it is not yours to see.")
)


def encode(frame: msgspec.Struct) -> str:
    """The frame as it travels, its absent fields left out."""
    sent = msgspec.to_builtins(frame)
    if isinstance(frame, ask.Command | ask.SyncRequest):
        # The server omits defaults by itself; in a client's frame they would be mere noise.
        sent = {name: value for name, value in sent.items() if value is not None}
    return msgspec.json.encode(sent).decode()


def encode_reply(command: ask.Command) -> str:
    """The good answer to one of the example commands."""
    tag = msgspec.to_builtins(command)["cmd"]
    return encode(answer.Reply(command.id, ANSWERS[tag]))
