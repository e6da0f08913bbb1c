"""What of accounts has had its time: sessions, used tickets, the activity log."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from sendjay.accounts.model import DEVICE_REMOVED
from sendjay.settings import Settings
from sendjay.storage.tables import activity, sessions, used_tickets
from sendjay.upkeep.service import DAY, DAY_MS, Chore, deletion

SESSION_DAYS = 90
"""After its end a session is still told from one that never was, for so long."""
REMOVED_DAYS = 400
"""A device that was removed is to wipe what it keeps, at whatever time it comes back."""


def chores(settings: Settings) -> list[Chore]:
    kept = settings.activity_days * DAY_MS
    found = [
        deletion("sessions", "sessions that ended long ago", sessions, _old_sessions, DAY),
        deletion("tickets", "used tickets", used_tickets, lambda now: used_tickets.c.expires_at < now),
    ]
    if kept:
        found.append(
            deletion(
                "activity",
                "entries of the activity log",
                activity,
                lambda now: activity.c.at < now - kept,
                DAY,
            )
        )
    return found


def _old_sessions(now: int) -> Any:
    other = sessions.alias("other")
    # The highest generation there ever was stays: the next one to take the place goes above it.
    is_not_the_highest = sa.exists().where(
        other.c.user_id == sessions.c.user_id,
        other.c.device_kind == sessions.c.device_kind,
        other.c.generation > sessions.c.generation,
    )
    long_ago = now - SESSION_DAYS * DAY_MS
    has_ended = sa.and_(
        sessions.c.ended_at > 0,
        sessions.c.ended_at
        < sa.case((sessions.c.end_reason == DEVICE_REMOVED, now - REMOVED_DAYS * DAY_MS), else_=long_ago),
    )
    has_run_out = sa.and_(sessions.c.ended_at == 0, sessions.c.expires_at < long_ago)
    return sa.and_(sa.or_(has_ended, has_run_out), sa.or_(sessions.c.generation == 0, is_not_the_highest))
