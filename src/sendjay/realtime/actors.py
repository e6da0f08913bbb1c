"""Who a session acts for."""

from __future__ import annotations

from sendjay.actor import Actor
from sendjay.protocol.errors import Code, Refused
from sendjay.realtime.session import Session


def actor_of(session: Session) -> Actor:
    """The signed-in person of a session that has said hello. Raises Refused otherwise."""
    if session.actor is None:
        raise Refused(Code.HELLO_FIRST)
    return session.actor
