"""Socket commands of safety."""

from __future__ import annotations

from sendjay.protocol.commands import PeopleBlocked, PersonBlock, RoomReport
from sendjay.protocol.replies import BlockedAnswer, Done
from sendjay.realtime.actors import actor_of
from sendjay.realtime.dispatch import Dispatcher
from sendjay.realtime.session import Session
from sendjay.safety.service import SafetyService


def register(dispatcher: Dispatcher, service: SafetyService) -> None:
    """Answer person.block, people.blocked and room.report on the socket."""

    async def block(session: Session, command: PersonBlock) -> Done:
        await service.block(actor_of(session), command.person, on=command.on)
        return Done()

    async def blocked(session: Session, _command: PeopleBlocked) -> BlockedAnswer:
        return await service.blocked(actor_of(session))

    async def report(session: Session, command: RoomReport) -> Done:
        await service.report(actor_of(session), command.room, command.reason, command.text)
        return Done()

    dispatcher.on(PersonBlock, block)
    dispatcher.on(PeopleBlocked, blocked)
    dispatcher.on(RoomReport, report)
