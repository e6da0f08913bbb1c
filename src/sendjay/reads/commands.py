"""Socket commands of read cursors."""

from __future__ import annotations

from functools import partial

from sendjay.protocol.commands import ReadMark, UnreadGet
from sendjay.protocol.errors import Refused
from sendjay.protocol.replies import UnreadAnswer
from sendjay.reads.service import ReadsService
from sendjay.realtime.actors import actor_of
from sendjay.realtime.dispatch import Dispatcher
from sendjay.realtime.session import Session
from sendjay.rooms.service import RoomsService


def register(dispatcher: Dispatcher, reads: ReadsService, rooms: RoomsService) -> None:
    """Answer read.mark and unread.get on the socket."""

    def answer(session: Session, command: ReadMark, outcome: object) -> None:
        dispatcher.count(command, str(outcome.code) if isinstance(outcome, Refused) else "ok")
        session.answer(command, outcome)

    def mark(session: Session, command: ReadMark) -> None:
        reads.mark(actor_of(session), command.room, command.seq, partial(answer, session, command))

    async def unread(session: Session, command: UnreadGet) -> UnreadAnswer:
        return UnreadAnswer(await rooms.unread(actor_of(session), command.rooms))

    dispatcher.on_now(ReadMark, mark)
    dispatcher.on(UnreadGet, unread)
