"""Socket commands hello, place.take and sync; the answer to a tick; what is on screen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from weakref import WeakKeyDictionary

from msgspec.structs import replace

from sendjay.actor import Actor
from sendjay.protocol.commands import FocusSet, Hello, PlaceTake, PresenceWatch, Sync, Tick
from sendjay.protocol.replies import Done, PresenceAnswer, SyncAnswer
from sendjay.realtime.actors import actor_of
from sendjay.realtime.dispatch import Dispatcher
from sendjay.realtime.hub import Hub
from sendjay.realtime.nodes.relay import Relay
from sendjay.realtime.session import Session
from sendjay.storage.database import Database
from sendjay.sync.greeting import Greeter
from sendjay.sync.measures import SYNC_FAILURES
from sendjay.sync.service import SyncService

Near = Callable[[Actor, Sequence[str]], Awaitable[list[str]]]
"""Those of these people that the actor sees like colleagues."""


def register(
    dispatcher: Dispatcher,
    greeter: Greeter,
    sync: SyncService,
    hub: Hub,
    database: Database,
    relay: Relay | None,
    near: Near | None = None,
) -> None:
    """Answer hello, place.take, tick, sync, presence.watch and focus.set on the socket. `relay`: where there
    may be other nodes; `near`: where not everybody may see everybody.
    """
    newest_watch: WeakKeyDictionary[Session, int] = WeakKeyDictionary()

    async def resume(session: Session, command: Sync) -> SyncAnswer:
        actor = actor_of(session)
        try:
            answer, stands = await database.read(
                lambda connection: sync.answer(connection, actor, command.rooms, command.personal)
            )
            if relay is not None:
                # They may learn here first of a room that they were added to. Only of whom this node knows
                # to be in a room does the sweep find that they are in it no longer.
                positions = {row.room_id: row.version for row in stands.positions}
                await relay.people.came(actor.user_id, stands.personal, positions)
            return answer
        except Exception:
            SYNC_FAILURES.inc()
            raise

    def tick(_session: Session, _command: Tick) -> Done:
        return Done()

    def watch(session: Session, command: PresenceWatch) -> PresenceAnswer:
        return PresenceAnswer(hub.presence.watch(session, command.people))

    async def watch_near(session: Session, command: PresenceWatch) -> PresenceAnswer:
        assert near is not None
        newest_watch[session] = turn = newest_watch.get(session, 0) + 1
        people = await near(actor_of(session), command.people)
        # Parked meanwhile, it hears of nobody any more.
        if newest_watch.get(session) != turn or session.closed or not session.is_live:
            return PresenceAnswer({})
        return watch(session, replace(command, people=people))

    def focus(session: Session, command: FocusSet) -> Done:
        hub.focus.set(session, command.rooms)
        return Done()

    dispatcher.on(Hello, greeter.greet)
    dispatcher.on(PlaceTake, greeter.take)
    dispatcher.on(Sync, resume)
    dispatcher.on_now(Tick, tick)
    if near is None:
        dispatcher.on_now(PresenceWatch, watch)
    else:
        dispatcher.on(PresenceWatch, watch_near)
    dispatcher.on_now(FocusSet, focus)
