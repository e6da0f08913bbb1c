"""The SQL of credentials, sessions, secrets and the activity log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Generic, NamedTuple, TypeVar

import sqlalchemy as sa

from sendjay.accounts.model import BY_TICKET
from sendjay.actor import AccountKind, DeviceKind
from sendjay.storage.json_rows import JsonRow, JsonRows
from sendjay.storage.row_lists import Column, NumberedRow, RowLookup, UpdateRows, list_of
from sendjay.storage.statements import PreparedQuery
from sendjay.storage.tables import activity, credentials, sessions, used_tickets, users
from sendjay.storage.transaction import Transaction
from sendjay.storage.upsert import insert_or_ignore

Row = Any
"""A row, whose columns are those of its query."""


class LiveSession(NamedTuple):
    """Whose session it is, and on what."""

    user_id: str
    device_id: str
    device_kind: DeviceKind
    kind: AccountKind


class EndedSession(JsonRow):
    """A session that is over, and why."""

    session_id: str
    user_id: str
    reason: str


class GreetedSession(JsonRow):
    """A session that says hello; from `standalone` on, columns of its person's settings."""

    user_id: str
    device_id: str
    device_kind: DeviceKind
    kind: AccountKind
    device_name: str
    generation: int
    newest_generation: int
    """Of all of the person's live sessions on this kind of device."""
    standalone: int
    notify_off: int
    sound_off: int
    vibration_off: int
    body_off: int
    sender_off: int
    notify_from: str
    notify_to: str


class Greeted(NumberedRow):
    """The session of somebody who says hello, if it lives; what is asked beside it follows."""

    sessions: list[GreetedSession] | None


G = TypeVar("G", bound=Greeted)


_LIVE_SESSION = (
    sa.select(sessions.c.user_id, sessions.c.device_id, sessions.c.device_kind, users.c.kind)
    .join(users, users.c.user_id == sessions.c.user_id)
    .where(
        sessions.c.session_id == sa.bindparam("session_id"),
        sessions.c.ended_at == 0,
        sessions.c.expires_at > sa.bindparam("now"),
        users.c.disabled == 0,
    )
)
_LIVE_SESSION_NOW = PreparedQuery(_LIVE_SESSION)
_NEWEST_GENERATION = """
    (SELECT max(k.generation) FROM sessions k WHERE k.user_id = s.user_id AND k.ended_at = 0
     AND k.device_kind = s.device_kind AND k.expires_at > w.moment)"""
_HIGHEST_GENERATION = """
    (SELECT max(e.generation) FROM sessions e
     WHERE e.user_id = s.user_id AND e.device_kind = s.device_kind)"""
_GREETED = list_of(
    (
        "s.user_id", "s.device_id", "s.device_kind", "u.kind", "s.device_name", "s.generation",
        _NEWEST_GENERATION, "u.standalone", "u.notify_off", "u.sound_off", "u.vibration_off", "u.body_off",
        "u.sender_off", "u.notify_from", "u.notify_to",
    ),
    """FROM sessions s JOIN users u ON u.user_id = s.user_id
    WHERE s.session_id = w.session_id AND s.ended_at = 0 AND s.expires_at > w.moment AND u.disabled = 0""",
)  # fmt: skip
_EXPIRED_TICKETS = (
    sa.select(used_tickets.c.ticket_id).where(used_tickets.c.expires_at < sa.bindparam("now")).limit(100)
)
_ENDED = JsonRows(
    sa.select(sessions.c.session_id, sessions.c.user_id, sessions.c.end_reason).where(
        sessions.c.ended_at >= sa.bindparam("since")
    ),
    EndedSession,
)
_ACCOUNT = sa.select(
    users.c.user_id, users.c.kind, users.c.disabled, users.c.login_key, credentials.c.password_hash
).outerjoin(credentials, credentials.c.user_id == users.c.user_id)


def ended_sessions(connection: sa.Connection, since: int) -> list[EndedSession]:
    """Those that have ended since then (milliseconds)."""
    return _ENDED.all(connection, {"since": since})


def load_session(connection: sa.Connection, session_id: str, now: int) -> LiveSession | None:
    """A session that lives, of somebody not disabled."""
    found = _LIVE_SESSION_NOW.one(connection, {"session_id": session_id, "now": now})
    return LiveSession(*found) if found is not None else None


class GreetedQuery(Generic[G]):
    """The sessions of many who say hello, with all that it needs, and what others ask `beside` of `w.user_id`
    in the fields that `row` adds.
    """

    def __init__(self, row: type[G], beside: Sequence[Column] = ()) -> None:
        self._lookup = RowLookup(("session_id", "user_id", "moment"), (_GREETED, *beside), row)

    def run(self, connection: sa.Connection, wanted: Sequence[tuple[str, str]], now: int) -> list[G]:
        """In the order of `wanted`: (session_id, user_id)."""
        return self._lookup.run(connection, [(*each, now) for each in wanted])


class GenerationRow(NumberedRow):
    """The session where it lives, and the newest generation of its person's on this kind of device: of those
    that live, and of all there ever were.
    """

    session_id: str | None
    newest: int | None
    highest: int | None


_GENERATIONS = RowLookup(
    wanted=("session_id", "moment"),
    answer=("s.session_id", _NEWEST_GENERATION, _HIGHEST_GENERATION),
    row=GenerationRow,
    source="""LEFT JOIN sessions s
    ON s.session_id = w.session_id AND s.ended_at = 0 AND s.expires_at > w.moment""",
)
_RAISE = UpdateRows(sessions, ("session_id",), ("generation",))


def newest_generations(connection: sa.Connection, user_ids: Sequence[str]) -> dict[tuple[str, str], int]:
    """(user, kind of device) -> the highest generation of these people's live sessions."""
    query = (
        sa.select(sessions.c.user_id, sessions.c.device_kind, sa.func.max(sessions.c.generation))
        .where(sessions.c.user_id.in_(user_ids), sessions.c.ended_at == 0)
        .group_by(sessions.c.user_id, sessions.c.device_kind)
    )
    return {(user, kind): newest for user, kind, newest in connection.execute(query)}


def session_generations(tx: Transaction, session_ids: Sequence[str]) -> list[GenerationRow]:
    """In their order."""
    return _GENERATIONS.run(tx.connection, [(each, tx.now) for each in session_ids])


def put_generations(tx: Transaction, raised: Sequence[tuple[str, int]]) -> None:
    """Rows of (session_id, generation)."""
    _RAISE.run(tx.connection, raised)


def end_reason(connection: sa.Connection, session_id: str, user_id: str | None = None) -> str:
    """Why this session (of this person) ended; empty for one that has not, or that there is not."""
    query = sa.select(sessions.c.end_reason).where(
        sessions.c.session_id == session_id, sessions.c.ended_at != 0
    )
    if user_id is not None:
        query = query.where(sessions.c.user_id == user_id)
    return connection.execute(query).scalar() or ""


def devices(connection: sa.Connection, user_id: str, now: int) -> list[Row]:
    """Somebody's live sessions, the newest first."""
    query = sa.select(
        sessions.c.session_id, sessions.c.device_kind, sessions.c.device_name, sessions.c.address,
        sessions.c.created_at, sessions.c.seen_at,
    ).where(sessions.c.user_id == user_id, sessions.c.ended_at == 0, sessions.c.expires_at > now)  # fmt: skip
    query = query.order_by(sessions.c.created_at.desc(), sessions.c.session_id.desc())
    return list(connection.execute(query))


def account_by_login(connection: sa.Connection, login_key: str) -> Row | None:
    return connection.execute(_ACCOUNT.where(users.c.login_key == login_key)).first()


def account_by_id(connection: sa.Connection, user_id: str, *, lock: bool = False) -> Row | None:
    query = _ACCOUNT.where(users.c.user_id == user_id)
    return connection.execute(query.with_for_update(of=users) if lock else query).first()


def is_a_user_id(connection: sa.Connection, login: str, login_key: str) -> bool:
    """Whether somebody's user id is this login, or looks like it once it is folded. Reads all of them: not
    for every day.
    """
    alike = sa.func.lower(users.c.user_id) == login_key
    query = sa.select(users.c.user_id).where(sa.or_(users.c.user_id == login, alike))
    return connection.execute(query.limit(1)).first() is not None


def accounts(connection: sa.Connection) -> list[Row]:
    query = sa.select(
        users.c.user_id, users.c.login_key, users.c.name, users.c.kind, users.c.org_name, users.c.disabled,
        credentials.c.user_id.is_not(None).label("has_password"),
    ).outerjoin(credentials, credentials.c.user_id == users.c.user_id).order_by(users.c.user_id)  # fmt: skip
    return list(connection.execute(query))


def put_password(tx: Transaction, user_id: str, password_hash: str) -> None:
    changes = {"password_hash": password_hash, "changed_at": tx.now}
    if account_has_password(tx, user_id):
        tx.run(sa.update(credentials).where(credentials.c.user_id == user_id).values(changes))
    else:
        tx.run(sa.insert(credentials).values(user_id=user_id, **changes))


def replace_password(tx: Transaction, user_id: str, held: str, password_hash: str) -> bool:
    """Only where `held` is still the hash; whether it was."""
    query = sa.select(credentials.c.password_hash).where(credentials.c.user_id == user_id).with_for_update()
    row = tx.one(query)
    if row is None or row.password_hash != held:
        return False
    put_password(tx, user_id, password_hash)
    return True


def account_has_password(tx: Transaction, user_id: str) -> bool:
    return tx.one(sa.select(credentials.c.user_id).where(credentials.c.user_id == user_id)) is not None


def insert_session(tx: Transaction, values: dict[str, Any]) -> None:
    tx.run(sa.insert(sessions).values(values))


def session_for_refresh(tx: Transaction, session_id: str) -> Row | None:
    """A session that lives, locked, with what a refresh is judged by."""
    query = _LIVE_SESSION.add_columns(sessions.c.refresh_counter, sessions.c.refresh_attempt)
    return tx.one(query.with_for_update(of=sessions), {"session_id": session_id, "now": tx.now})


def rotate(tx: Transaction, session_id: str, counter: int, attempt: str, expires_at: int) -> None:
    changes = {
        "refresh_counter": counter, "refresh_attempt": attempt, "seen_at": tx.now, "expires_at": expires_at
    }  # fmt: skip
    tx.run(sa.update(sessions).where(sessions.c.session_id == session_id).values(changes))


def live_sessions(tx: Transaction, user_id: str) -> list[Row]:
    """session_id, device_id, refresh_counter and expires_at, the last one seen first."""
    query = sa.select(
        sessions.c.session_id, sessions.c.device_id, sessions.c.refresh_counter, sessions.c.expires_at
    )
    query = query.where(sessions.c.user_id == user_id, sessions.c.ended_at == 0)
    return tx.all(query.order_by(sessions.c.seen_at.desc(), sessions.c.session_id.desc()))


def end_sessions(tx: Transaction, session_ids: Sequence[str], reason: str) -> None:
    changes = {"ended_at": tx.now, "end_reason": reason}
    tx.run(sa.update(sessions).where(sessions.c.session_id.in_(session_ids)).values(changes))


def put_seen(tx: Transaction, rows: list[dict[str, Any]]) -> None:
    """Rows of `session`, `at` and `from` (empty: as it was). What was seen later stays."""
    at, address = sa.bindparam("at", type_=sa.BigInteger()), sa.bindparam("from", type_=sa.String())
    changes = {"seen_at": at, "address": sa.func.coalesce(sa.func.nullif(address, ""), sessions.c.address)}
    is_older = sessions.c.seen_at <= at
    statement = sa.update(sessions).where(sessions.c.session_id == sa.bindparam("session"), is_older)
    tx.run(statement.values(changes), rows)


def renew_by_ticket(tx: Transaction, session_id: str, name: str, address: str, expires_at: int) -> None:
    changes = {"device_name": name, "address": address, "seen_at": tx.now, "expires_at": expires_at}
    tx.run(sa.update(sessions).where(sessions.c.session_id == session_id).values(changes))


def is_by_ticket(connection: sa.Connection, session_id: str) -> bool:
    query = sa.select(sessions.c.refresh_counter).where(sessions.c.session_id == session_id)
    return connection.execute(query).scalar() == BY_TICKET


def use_once(tx: Transaction, ticket_id: str, expires_at: int) -> bool:
    """Whether this is its first use. Some that could not be used any more anyway are forgotten on the way."""
    expired = [row.ticket_id for row in tx.all(_EXPIRED_TICKETS, {"now": tx.now})]
    if expired:
        tx.run(sa.delete(used_tickets).where(used_tickets.c.ticket_id.in_(expired)))
    insert = insert_or_ignore(tx.connection.dialect, used_tickets)
    return tx.run(insert.values(ticket_id=ticket_id, expires_at=expires_at)) == 1


def log_activity(tx: Transaction, user_id: str, work: str, device: str, state: str = "") -> None:
    tx.run(sa.insert(activity).values(user_id=user_id, work=work, device=device, state=state, at=tx.now))
