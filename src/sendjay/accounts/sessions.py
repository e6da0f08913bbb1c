"""How sessions begin, go on and end. Everything here happens within the writer's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sendjay.accounts import store
from sendjay.accounts.model import (
    BY_TICKET,
    SESSIONS_PER_USER,
    Device,
    Refresh,
    judge_refresh,
    refusal_after,
)
from sendjay.actor import Actor
from sendjay.realtime.deliveries import SessionEnded, SessionRenewed
from sendjay.storage.ids import new_id
from sendjay.storage.transaction import Transaction


class Renewed(NamedTuple):
    actor: Actor
    counter: int


def begin_by_ticket(tx: Transaction, account: store.Row, device: Device, address: str, seconds: int) -> Actor:
    """The session that a ticket began on this device before, renewed; or a new one. Each page of a portal
    comes with a ticket of its own, and is no new device.
    """
    held = [row for row in store.live_sessions(tx, account.user_id) if row.expires_at > tx.now]
    same = [row for row in held if row.refresh_counter == BY_TICKET and row.device_id == device.id]
    if not same:
        return begin(tx, account, device, address, seconds, BY_TICKET)
    session_id = same[0].session_id
    store.renew_by_ticket(tx, session_id, device.name, address[:64], tx.now + seconds * 1000)
    return Actor(account.user_id, session_id, account.kind, device.kind, device.id)


def begin(
    tx: Transaction, account: store.Row, device: Device, address: str, seconds: int, refresh_counter: int = 0
) -> Actor:
    """A new session; the one before it on the same device ends, and the oldest of too many."""
    held = store.live_sessions(tx, account.user_id)
    # A portal's page and the messenger's own may be one device to the browser: neither ends the other.
    alike = [row for row in held if (row.refresh_counter < 0) == (refresh_counter < 0)]
    same = [row.session_id for row in alike if device.id and row.device_id == device.id]
    oldest = [row.session_id for row in held if row.session_id not in same][SESSIONS_PER_USER - 1 :]
    end(tx, account.user_id, same, "replaced")
    end(tx, account.user_id, oldest, "too_many")
    session_id = new_id()
    store.insert_session(
        tx,
        {
            "session_id": session_id,
            "user_id": account.user_id,
            "device_id": device.id,
            "device_kind": device.kind,
            "device_name": device.name,
            "address": address[:64],
            "refresh_counter": refresh_counter,
            "created_at": tx.now,
            "seen_at": tx.now,
            "expires_at": tx.now + seconds * 1000,
        },
    )
    store.log_activity(tx, account.user_id, "sign_in", device.kind)
    return Actor(account.user_id, session_id, account.kind, device.kind, device.id)


def renew(tx: Transaction, session_id: str, counter: int, attempt: str, seconds: int) -> Renewed | None:
    """None when the token was used before: the session has ended by that."""
    row = store.session_for_refresh(tx, session_id)
    if row is None:
        raise refusal_after(store.end_reason(tx.connection, session_id))
    actor = Actor(row.user_id, session_id, row.kind, row.device_kind, row.device_id)
    match judge_refresh(row.refresh_counter, row.refresh_attempt, counter, attempt):
        case Refresh.ROTATE:
            store.rotate(tx, session_id, counter + 1, attempt, tx.now + seconds * 1000)
            return Renewed(actor, counter + 1)
        case Refresh.AGAIN:
            return Renewed(actor, row.refresh_counter)
        case Refresh.REUSED:
            end(tx, row.user_id, [session_id], "refresh_reuse")
            return None


def tell_renewed(tx: Transaction, actor: Actor, token_seconds: int) -> None:
    """A new access token is on its way: what is connected already lives as long as that one."""
    tx.publish(SessionRenewed(actor.session_id, actor.user_id, tx.now // 1000 + token_seconds))


def end(tx: Transaction, user_id: str, session_ids: Sequence[str], reason: str) -> None:
    """End these sessions; their connections close as soon as it is on disk."""
    if session_ids:
        store.end_sessions(tx, session_ids, reason)
        tx.publish(SessionEnded(tuple(session_ids), user_id, reason))


def sign_out(tx: Transaction, actor: Actor) -> None:
    """End this session, and the windows that it handed off."""
    handed = handed_off(tx, actor.user_id, actor.session_id)
    end(tx, actor.user_id, [actor.session_id, *handed], "signed_out")


def handed_off(tx: Transaction, user_id: str, session_id: str) -> list[str]:
    """The sessions of windows that a portal's session signed in: with that one they end.

    The next person at that browser signs in to the portal, and must not find the window still signed in.
    """
    held = store.live_sessions(tx, user_id)
    devices = {
        row.device_id
        for row in held
        if row.session_id == session_id and row.refresh_counter == BY_TICKET and row.device_id
    }
    return [row.session_id for row in held if row.device_id in devices and row.session_id != session_id]


def end_all(tx: Transaction, user_id: str, reason: str, keep: str = "") -> None:
    """End every session of somebody, but for the one to keep."""
    held = [row.session_id for row in store.live_sessions(tx, user_id)]
    end(tx, user_id, [session_id for session_id in held if session_id != keep], reason)
