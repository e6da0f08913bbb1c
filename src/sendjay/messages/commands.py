"""Socket commands of messages."""

from __future__ import annotations

import time
from functools import partial

from sendjay.messages.service import MessagesService, asked_with
from sendjay.protocol.commands import (
    MessageDelete,
    MessageEdit,
    MessageGet,
    MessageHistory,
    MessageReact,
    MessageRevoke,
    MessageSend,
    MessageUnreadBy,
    RoomPin,
)
from sendjay.protocol.errors import Refused
from sendjay.protocol.replies import Done, HistoryAnswer, MessagesAnswer, ReadersAnswer
from sendjay.realtime.actors import actor_of
from sendjay.realtime.dispatch import Dispatcher
from sendjay.realtime.session import Session


def register(dispatcher: Dispatcher, service: MessagesService) -> None:
    """Answer message.* on the socket."""
    _register_talking(dispatcher, service)
    _register_changes(dispatcher, service)


def _register_talking(dispatcher: Dispatcher, service: MessagesService) -> None:
    def answer(session: Session, command: MessageSend, began: float, outcome: object) -> None:
        if isinstance(outcome, Refused):
            dispatcher.count(command, str(outcome.code))
        else:
            dispatcher.count(command, "ok", began)
        session.answer(command, outcome)

    def send(session: Session, command: MessageSend) -> None:
        # No task and no future for a message: the writer answers the session itself.
        done = partial(answer, session, command, time.perf_counter())
        asked = asked_with(command.reply_to, command.mentions, command.files, command.forward)
        service.send(actor_of(session), command.room, command.client_id, command.body, done, asked)

    async def history(session: Session, command: MessageHistory) -> HistoryAnswer:
        return await service.history(
            actor_of(session),
            command.room,
            before=command.before,
            after=command.after,
            around=command.around,
            limit=command.limit,
        )

    async def get(session: Session, command: MessageGet) -> MessagesAnswer:
        return await service.some(actor_of(session), command.room, command.seqs)

    async def unread_by(session: Session, command: MessageUnreadBy) -> ReadersAnswer:
        return await service.readers(actor_of(session), command.room, command.seq)

    dispatcher.on_now(MessageSend, send)
    dispatcher.on(MessageHistory, history)
    dispatcher.on(MessageGet, get)
    dispatcher.on(MessageUnreadBy, unread_by)


def _register_changes(dispatcher: Dispatcher, service: MessagesService) -> None:
    async def edit(session: Session, command: MessageEdit) -> Done:
        await service.edit(actor_of(session), command.room, command.seq, command.body)
        return Done()

    async def react(session: Session, command: MessageReact) -> Done:
        await service.react(actor_of(session), command.room, command.seq, command.emoji, on=command.on)
        return Done()

    async def revoke(session: Session, command: MessageRevoke) -> Done:
        await service.revoke(actor_of(session), command.room, command.seq)
        return Done()

    async def delete(session: Session, command: MessageDelete) -> Done:
        await service.delete(actor_of(session), command.room, command.seqs)
        return Done()

    async def pin(session: Session, command: RoomPin) -> Done:
        await service.pin(actor_of(session), command.room, command.seq)
        return Done()

    dispatcher.on(MessageEdit, edit)
    dispatcher.on(MessageReact, react)
    dispatcher.on(MessageRevoke, revoke)
    dispatcher.on(MessageDelete, delete)
    dispatcher.on(RoomPin, pin)
