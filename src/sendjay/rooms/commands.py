"""Socket commands of rooms."""

from __future__ import annotations

from sendjay.protocol.commands import (
    RoomClear,
    RoomClose,
    RoomCreate,
    RoomGet,
    RoomInvite,
    RoomLeave,
    RoomOpen,
    RoomPreferences,
    RoomRemove,
    RoomRename,
    RoomsList,
    TypingSet,
)
from sendjay.protocol.errors import Code, Refused
from sendjay.protocol.events import Typing
from sendjay.protocol.replies import Done, OpenAnswer, RoomAnswer, RoomsAnswer
from sendjay.realtime.actors import actor_of
from sendjay.realtime.allowance import Allowances
from sendjay.realtime.dispatch import Dispatcher
from sendjay.realtime.hub import Hub
from sendjay.realtime.session import Session
from sendjay.rooms.membership import MembershipService
from sendjay.rooms.service import RoomsService

ROOMS_OPEN = 20
TYPING_TOLD_PER_SECOND = 5_000
"""People of one room who are told in a second that somebody types there."""


def register(dispatcher: Dispatcher, rooms: RoomsService, membership: MembershipService, hub: Hub) -> None:
    """Answer room.*, rooms.list and typing.set on the socket."""
    _register_reading(dispatcher, rooms)
    _register_screens(dispatcher, rooms, hub)
    _register_changes(dispatcher, rooms, membership)


def _register_reading(dispatcher: Dispatcher, rooms: RoomsService) -> None:
    async def list_rooms(session: Session, _command: RoomsList) -> RoomsAnswer:
        return await rooms.list_rooms(actor_of(session))

    async def get(session: Session, command: RoomGet) -> RoomAnswer:
        return await rooms.get_room(actor_of(session), command.room)

    dispatcher.on(RoomsList, list_rooms)
    dispatcher.on(RoomGet, get)


def _register_screens(dispatcher: Dispatcher, rooms: RoomsService, hub: Hub) -> None:
    typing_pace = Allowances(TYPING_TOLD_PER_SECOND, 2 * TYPING_TOLD_PER_SECOND)

    async def open_room(session: Session, command: RoomOpen) -> OpenAnswer:
        # Registered first, read second: a cursor that moves in between is told twice, never not at all.
        await rooms.get_room(actor_of(session), command.room)
        hub.open_room(session, command.room, ROOMS_OPEN)
        try:
            answer = await rooms.open_room(actor_of(session), command.room)
        except Refused:
            hub.close_room(session, command.room)
            raise
        if answer.room.room.blocked:
            # Neither is to hear that the other types or reads: it is read, and not kept open.
            hub.close_room(session, command.room)
        if command.room in session.open_rooms:
            hub.cursor_reach.begin(command.room, answer.room.room.read_version)
        return answer

    async def close_room(session: Session, command: RoomClose) -> Done:
        hub.close_room(session, command.room)
        return Done()

    def typing(session: Session, command: TypingSet) -> Done:
        # Having the room open has shown that it is mine; leaving or removal closes it.
        if command.room not in session.open_rooms:
            raise Refused(Code.NOT_FOUND)
        # In a hall where thousands type, most of it is told to nobody: it would be gone in seconds anyway.
        if not typing_pace.take(command.room, hub.watchers(command.room)):
            told = Typing(command.room, actor_of(session).user_id, command.typing)
            hub.tell_watchers(command.room, told, besides=session)
        return Done()

    dispatcher.on(RoomOpen, open_room)
    dispatcher.on(RoomClose, close_room)
    dispatcher.on_now(TypingSet, typing)


def _register_changes(dispatcher: Dispatcher, rooms: RoomsService, membership: MembershipService) -> None:
    async def create(session: Session, command: RoomCreate) -> RoomAnswer:
        return await membership.create(actor_of(session), command.people, command.client_id)

    async def invite(session: Session, command: RoomInvite) -> RoomAnswer:
        return await membership.invite(actor_of(session), command.room, command.people, command.client_id)

    async def leave(session: Session, command: RoomLeave) -> Done:
        return await membership.leave(actor_of(session), command.room)

    async def remove(session: Session, command: RoomRemove) -> RoomAnswer:
        return await membership.remove(actor_of(session), command.room, command.person)

    async def rename(session: Session, command: RoomRename) -> RoomAnswer:
        return await rooms.rename(actor_of(session), command.room, command.name, command.scope)

    async def preferences(session: Session, command: RoomPreferences) -> RoomAnswer:
        return await rooms.set_preferences(
            actor_of(session),
            command.room,
            muted=command.muted,
            pinned=command.pinned,
            show_members=command.show_members,
        )

    async def clear(session: Session, command: RoomClear) -> RoomAnswer:
        return await rooms.clear(actor_of(session), command.room)

    dispatcher.on(RoomClear, clear)
    dispatcher.on(RoomCreate, create)
    dispatcher.on(RoomInvite, invite)
    dispatcher.on(RoomLeave, leave)
    dispatcher.on(RoomRemove, remove)
    dispatcher.on(RoomRename, rename)
    dispatcher.on(RoomPreferences, preferences)
