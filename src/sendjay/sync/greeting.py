"""Hello, and taking the place over: who is it, may they, is the place theirs, and what have they missed."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa
import structlog

from sendjay.accounts.service import AccountsService, Greeted, GreetedQuery, GreetedSession
from sendjay.actor import Actor
from sendjay.notify.service import my_settings
from sendjay.protocol.commands import Command, Hello, Place, PlaceTake, SyncRequest
from sendjay.protocol.errors import RETRYABLE, Close, Code, Refused
from sendjay.protocol.objects import PlaceHolder
from sendjay.protocol.replies import SyncAnswer, Welcome
from sendjay.realtime.actors import actor_of
from sendjay.realtime.gate import Gate
from sendjay.realtime.hub import Hub
from sendjay.realtime.nodes.relay import Relay
from sendjay.realtime.places import Verdict
from sendjay.realtime.seats import Seat
from sendjay.realtime.session import Session
from sendjay.realtime.upgrade import read_cookie
from sendjay.rooms.service import STANDING, PositionRow, Standing
from sendjay.settings import Settings
from sendjay.storage.database import Database
from sendjay.storage.shared_reads import SharedReads
from sendjay.sync.measures import SYNC_FAILURES
from sendjay.sync.service import Asked, SyncService

log = structlog.get_logger(__name__)

ACCESS_COOKIE = "sendjay_access"

TRIES = 5

_CLOSES = {
    Code.UNAUTHORIZED: Close.REFRESH,
    Code.WRONG_PASSWORD: Close.REFRESH,
    Code.DEVICE_REMOVED: Close.STOP,
}
"""What a client does after a hello that was refused; after any other refusal it comes back with backoff."""


_TOGETHER = 16
"""So many are read at once: what one of them can have missed is bounded, and so is what all of them can."""


class Newcomer(NamedTuple):
    """Who says hello, and what they ask for."""

    session_id: str
    user: str
    sync: SyncRequest | None


class _GreetedAndStanding(Greeted):
    personal: int | None
    positions: list[PositionRow] | None


class Known(NamedTuple):
    """What one snapshot says of somebody who says hello."""

    actor: Actor
    session: GreetedSession
    sync: SyncAnswer | None
    standing: Standing
    server_time: int


class Greeter:
    """Lets connections in, and gives each person's place to one of them."""

    def __init__(
        self,
        database: Database,
        accounts: AccountsService,
        sync: SyncService,
        hub: Hub,
        settings: Settings,
        relay: Relay | None,
    ) -> None:
        self._database = database
        self._accounts = accounts
        self._sync = sync
        self._hub = hub
        self._settings = settings
        self._relay = relay
        """Where there may be other nodes."""
        self._gate = Gate(
            "hello",
            at_once=settings.hellos_at_once,
            most=settings.hellos_waiting,
            seconds=settings.hello_seconds / 2,
        )
        self._reads = SharedReads(database, self._look, _TOGETHER)
        self._query = GreetedQuery(_GreetedAndStanding, STANDING)

    async def greet(self, session: Session, command: Hello) -> None:
        """Answer hello, in one read. A refusal closes the connection; it is raised only to be counted."""
        if session.cookies is None:
            raise Refused(Code.INVALID, "You have said hello already.")
        cookies, session.cookies = session.cookies, None
        try:
            # A storm of hellos waits here, and neither on the event loop nor before the readers.
            async with self._gate.passing():
                claims = self._accounts.verify(command.token or read_cookie(cookies, ACCESS_COOKIE))
                session.token_expires = claims.exp
                if len(self._hub.all_connections(claims.sub)) >= self._settings.connections_per_user:
                    raise Refused(Code.TOO_MANY)
                known = await self._read(session, claims.sub, claims.sid, command.sync)
            await self._enter(session, command, known, command.place or Place())
        except Exception as error:
            raise self._turn_away(session, command, error) from None

    async def take(self, session: Session, command: PlaceTake) -> Welcome | None:
        """The same for a parked connection. One that has the place already is told so."""
        actor = actor_of(session)
        if session.is_holding():
            raise Refused(Code.RATE_LIMITED, "You are taking the place already.", retry_after_ms=200)
        if session.is_live:
            known = await self._reads.ask(Newcomer(actor.session_id, actor.user_id, command.sync))
            if session.is_live:
                return self._welcome(session, known, session.seat.generation if session.seat else 0, None)
            if session.closed or session.is_holding():
                raise Refused(Code.PARKED)
        try:
            async with self._gate.passing():
                known = await self._read(session, actor.user_id, actor.session_id, command.sync)
            await self._enter(session, command, known, Place(claim=command.claim))
        except Exception as error:
            raise self._turn_away(session, command, error) from None
        return None

    # Steps

    async def _read(self, session: Session, user: str, session_id: str, wanted: SyncRequest | None) -> Known:
        """First registered, then read: what is committed in between is held and comes after the answer."""
        session.hold()
        self._hub.register(session, user, session_id)
        if self._relay is not None:
            await self._relay.people.hear(user)
        known = await self._reads.ask(Newcomer(session_id, user, wanted))
        if self._relay is not None:
            personal, positions = known.standing
            await self._relay.people.came(user, personal, {row.room_id: row.version for row in positions})
        return known

    def _look(self, connection: sa.Connection, newcomers: Sequence[Newcomer]) -> list[Known | Refused]:
        asking = [(each.session_id, each.user) for each in newcomers]
        greeted = self._accounts.greet(connection, asking, self._query)
        now = self._database.clock(connection)
        known: list[Known | Refused] = []
        asked: list[Asked] = []
        for each, found in zip(newcomers, greeted, strict=True):
            if isinstance(found, Refused):
                known.append(found)
                continue
            actor, session, row = found
            standing = Standing(row.personal or 0, row.positions or [])
            known.append(Known(actor, session, None, standing, now))
            if each.sync is not None:
                asked.append(Asked(each.user, each.sync.rooms, each.sync.personal, standing))
        answers = iter(self._sync.answer_many(connection, asked))
        return [
            here if isinstance(here, Refused) or each.sync is None else here._replace(sync=next(answers))
            for each, here in zip(newcomers, known, strict=True)
        ]

    async def _enter(self, session: Session, command: Command, known: Known, place: Place) -> None:
        if session.closed:
            return
        actor = known.actor
        if self._settings.several_connections or actor.kind == "integration":
            self._let_in(session, command, known, 0)
            return
        if session.seat is None:
            session.seat = _seat_of(known, place)
        places, seat = self._hub.places, session.seat
        async with places.turn(seat.key):
            if session.closed:
                return
            generation = await self._generation_for(session, known, claim=place.claim)
            if session.closed:
                return
            if generation and places.give(session, generation, known.server_time):
                self._let_in(session, command, known, generation)
            else:
                self._send_away(session, command, known, places.park(session))

    async def _generation_for(self, session: Session, known: Known, *, claim: bool) -> int:
        """Under which it has the place; 0: it is parked. Of those who take it at several nodes at the same
        moment only one does so; the others are judged again.
        """
        places, own = self._hub.places, known.session.generation
        newest = known.session.newest_generation
        for _ in range(TRIES):
            assert session.seat is not None
            newest = places.newest(session, newest)
            match places.judge(session, claim=claim, own=own, newest=newest):
                case Verdict.PARKED:
                    return 0
                case Verdict.GOES_ON:
                    return session.seat.generation
                case Verdict.TAKES:
                    raised = await self._accounts.raise_generation(known.actor, newest)
                    if raised.won:
                        return raised.generation
                    newest = raised.generation
            if session.closed:
                return 0
        raise Refused(Code.BUSY, retry_after_ms=500)

    def _let_in(self, session: Session, command: Command, known: Known, generation: int) -> None:
        _end_greeting(session)
        self._hub.confirm(session, known.actor)
        session.release(command, self._welcome(session, known, generation, None))

    def _send_away(self, session: Session, command: Command, known: Known, by: PlaceHolder) -> None:
        """Parked: what was held for it is not for it."""
        _end_greeting(session)
        self._hub.detach(session)
        session.stop_holding()
        session.actor = known.actor
        assert session.seat is not None
        session.answer(command, self._welcome(session, known, session.seat.generation, by))

    def _welcome(self, session: Session, known: Known, generation: int, by: PlaceHolder | None) -> Welcome:
        return Welcome(
            user=known.actor.user_id,
            session=known.actor.session_id,
            connection=session.connection_id,
            server_time=known.server_time,
            tick_seconds=round(self._settings.tick_seconds),
            max_frame_bytes=self._settings.frame_bytes_max,
            receipts=self._settings.receipts,
            edit_hours=self._settings.edit_hours,
            revoke_hours=self._settings.revoke_hours,
            sync=known.sync if by is None else None,
            generation=generation,
            parked=by,
            token_seconds=max(0, session.token_expires - int(time.time())),
            settings=my_settings(known.session),
            focused=self._hub.focus.elsewhere(session) if by is None else [],
        )

    def _turn_away(self, session: Session, command: Command, error: Exception) -> Refused:
        self._hub.detach(session)
        session.stop_holding()
        refused = error if isinstance(error, Refused) else Refused(Code.INTERNAL)
        if refused is not error:
            log.error("hello.failed", exc_info=error)
        if refused.code in RETRYABLE:
            SYNC_FAILURES.inc()
        session.refuse(command.id, refused)
        session.close(_CLOSES.get(refused.code, Close.NO_HELLO), str(refused.code))
        return refused


def _seat_of(known: Known, place: Place) -> Seat:
    actor = known.actor
    return Seat(
        key=(actor.user_id, actor.device_kind),
        session_id=actor.session_id,
        browser=place.browser or actor.device_id or actor.session_id,
        name=known.session.device_name,
        standing=place.standing,
        generation=place.generation,
    )


def _end_greeting(session: Session) -> None:
    if session.greeting is not None:
        session.greeting.cancel()
        session.greeting = None
