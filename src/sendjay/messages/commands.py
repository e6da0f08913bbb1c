"""Socket commands of messages."""

from __future__ import annotations

import time
from functools import partial

from sendjay.messages.service import MessagesService, asked_with
from sendjay.protocol.commands import (
    MessageEdit,
    MessageGet,
    MessageHistory,
    MessageReact,
    MessageSend,
    MessageUnreadBy,
)
from sendjay.protocol.errors import Refused
from sendjay.protocol.replies import Done, HistoryAnswer, MessagesAnswer, PeopleAnswer
from sendjay.realtime.actors import actor_of
from sendjay.realtime.dispatch import Dispatcher
from sendjay.realtime.session import Session


def register(dispatcher: Dispatcher, service: MessagesService) -> None:
    """Answer message.* on the socket."""

    def answer(session: Session, command: MessageSend, began: float, outcome: object) -> None:
        if isinstance(outcome, Refused):
            dispatcher.count(command, str(outcome.code))
        else:
            dispatcher.count(command, "ok", began)
        session.answer(command, outcome)

    def send(session: Session, command: MessageSend) -> None:
        # No task and no future for a message: the writer answers the session itself.
        done = partial(answer, session, command, time.perf_counter())
        asked = asked_with(command.reply_to, command.mentions)
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

    async def edit(session: Session, command: MessageEdit) -> Done:
        await service.edit(actor_of(session), command.room, command.seq, command.body)
        return Done()

    async def react(session: Session, command: MessageReact) -> Done:
        await service.react(actor_of(session), command.room, command.seq, command.emoji, on=command.on)
        return Done()

    async def unread_by(session: Session, command: MessageUnreadBy) -> PeopleAnswer:
        return PeopleAnswer(await service.not_read_by(actor_of(session), command.room, command.seq))

    dispatcher.on_now(MessageSend, send)
    dispatcher.on(MessageHistory, history)
    dispatcher.on(MessageGet, get)
    dispatcher.on(MessageEdit, edit)
    dispatcher.on(MessageReact, react)
    dispatcher.on(MessageUnreadBy, unread_by)
