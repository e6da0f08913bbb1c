"""Socket commands hello and sync, and the answer to a tick."""

from __future__ import annotations

import sqlalchemy as sa
import structlog

from sendjay.accounts.service import AccountsService, Claims
from sendjay.actor import Actor
from sendjay.protocol.commands import Hello, PresenceWatch, Sync, Tick
from sendjay.protocol.errors import Close, Code, Refused
from sendjay.protocol.replies import Done, PresenceAnswer, SyncAnswer, Welcome
from sendjay.realtime.actors import actor_of
from sendjay.realtime.dispatch import Dispatcher
from sendjay.realtime.hub import Hub
from sendjay.realtime.session import Session
from sendjay.settings import Settings
from sendjay.storage.database import Database
from sendjay.sync.service import SyncService

log = structlog.get_logger(__name__)

ACCESS_COOKIE = "sendjay_access"

_CLOSES = {
    Code.UNAUTHORIZED: Close.REFRESH,
    Code.WRONG_PASSWORD: Close.REFRESH,
    Code.DEVICE_REMOVED: Close.STOP,
}
"""What a client does after a hello that was refused; after any other refusal it comes back with backoff."""


class Greeter:
    """Says hello: who is it, may they, and what have they missed."""

    def __init__(
        self, database: Database, accounts: AccountsService, sync: SyncService, hub: Hub, settings: Settings
    ) -> None:
        self._database = database
        self._accounts = accounts
        self._sync = sync
        self._hub = hub
        self._settings = settings

    async def greet(self, session: Session, command: Hello) -> None:
        """Answer hello, in one read: is the session alive, and what changed since. A refusal closes the
        connection; it is raised only to be counted.
        """
        if session.cookies is None:
            raise Refused(Code.INVALID, "You have said hello already.")
        cookies, session.cookies = session.cookies, None
        try:
            claims = self._accounts.verify(command.token or _cookie(cookies))
            self._register(session, claims)
            actor, answer = await self._database.read(
                lambda connection: self._read(connection, session, command, claims)
            )
        except Exception as error:
            self._hub.detach(session)
            session.stop_holding()
            refused = error if isinstance(error, Refused) else Refused(Code.INTERNAL)
            if refused is not error:
                log.exception("hello.failed")
            session.refuse(command.id, refused)
            session.close(_CLOSES.get(refused.code, Close.NO_HELLO), str(refused.code))
            raise refused from None
        if session.closed:
            return
        if session.greeting is not None:
            session.greeting.cancel()
            session.greeting = None
        self._hub.confirm(session, actor)
        session.release(command, answer)

    def _register(self, session: Session, claims: Claims) -> None:
        """First registered, then read: what is committed in between is held and comes after the answer."""
        session.hold()
        session.token_expires = claims.exp
        if len(self._hub.connections(claims.sub)) >= self._settings.connections_per_user:
            raise Refused(Code.TOO_MANY)
        self._hub.register(session, claims.sub, claims.sid)

    def _read(
        self, connection: sa.Connection, session: Session, command: Hello, claims: Claims
    ) -> tuple[Actor, Welcome]:
        actor = self._accounts.check_session(connection, claims)
        wanted = command.sync
        answer = None
        if wanted is not None:
            answer = self._sync.answer(connection, actor, wanted.rooms, wanted.personal)
        welcome = Welcome(
            user=actor.user_id,
            session=actor.session_id,
            connection=session.connection_id,
            server_time=self._database.clock(connection),
            tick_seconds=round(self._settings.tick_seconds),
            max_frame_bytes=self._settings.frame_bytes_max,
            receipts=self._settings.receipts,
            sync=answer,
        )
        return actor, welcome


def register(
    dispatcher: Dispatcher, greeter: Greeter, sync: SyncService, hub: Hub, database: Database
) -> None:
    """Answer hello, tick, sync and presence.watch on the socket."""

    async def resume(session: Session, command: Sync) -> SyncAnswer:
        actor = actor_of(session)
        return await database.read(
            lambda connection: sync.answer(connection, actor, command.rooms, command.personal)
        )

    def tick(_session: Session, _command: Tick) -> Done:
        return Done()

    def watch(session: Session, command: PresenceWatch) -> PresenceAnswer:
        return PresenceAnswer(hub.presence.watch(session, command.people))

    dispatcher.on(Hello, greeter.greet)
    dispatcher.on(Sync, resume)
    dispatcher.on_now(Tick, tick)
    dispatcher.on_now(PresenceWatch, watch)


def _cookie(header: str) -> str:
    """The access token in the page's cookies; empty where there is none.

    Read piece by piece: other applications of the host may have cookies that strict readers stumble over.
    """
    for piece in header.split(";"):
        name, _, value = piece.strip().partition("=")
        if name == ACCESS_COOKIE:
            return value
    return ""
