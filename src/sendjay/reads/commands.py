"""Socket commands of read cursors."""

from __future__ import annotations

import time
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

    def answer(session: Session, command: ReadMark, began: float, outcome: object) -> None:
        if isinstance(outcome, Refused):
            dispatcher.count(command, str(outcome.code))
        else:
            dispatcher.count(command, "ok", began)
        session.answer(command, outcome)

    def mark(session: Session, command: ReadMark) -> None:
        done = partial(answer, session, command, time.perf_counter())
        reads.mark(actor_of(session), command.room, command.seq, done)

    async def unread(session: Session, command: UnreadGet) -> UnreadAnswer:
        return UnreadAnswer(await rooms.unread(actor_of(session), command.rooms))

    dispatcher.on_now(ReadMark, mark)
    dispatcher.on(UnreadGet, unread)
