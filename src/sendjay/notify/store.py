"""The SQL of personal settings."""

from __future__ import annotations

from typing import Any, NamedTuple

import sqlalchemy as sa

from sendjay.storage.statements import PreparedQuery
from sendjay.storage.tables import users
from sendjay.storage.transaction import Transaction


class SettingsRow(NamedTuple):
    """The columns of `users` that keep them."""

    standalone: int
    notify_off: int
    sound_off: int
    vibration_off: int
    body_off: int
    sender_off: int
    notify_from: str
    notify_to: str
    settings_version: int
    """The version of the person's own stream at which they were last changed."""


_SETTINGS = PreparedQuery(
    sa.select(*(users.c[name] for name in SettingsRow._fields)).where(users.c.user_id == sa.bindparam("user"))
)


def load(connection: sa.Connection, user: str) -> SettingsRow | None:
    found = _SETTINGS.one(connection, {"user": user})
    return SettingsRow(*found) if found is not None else None


def put(tx: Transaction, user: str, columns: dict[str, Any], version: int) -> None:
    changes = columns | {"settings_version": version, "changed_at": tx.now, "changed_by": user}
    tx.run(sa.update(users).where(users.c.user_id == user).values(changes))
