"""Socket command of drafts."""

from __future__ import annotations

from sendjay.drafts.service import DraftsService
from sendjay.protocol.commands import DraftSet
from sendjay.protocol.replies import DraftAnswer
from sendjay.realtime.actors import actor_of
from sendjay.realtime.dispatch import Dispatcher
from sendjay.realtime.session import Session


def register(dispatcher: Dispatcher, drafts: DraftsService) -> None:
    """Answer draft.set on the socket."""

    async def put(session: Session, command: DraftSet) -> DraftAnswer:
        return await drafts.set(actor_of(session), command.room, command.text)

    dispatcher.on(DraftSet, put)
