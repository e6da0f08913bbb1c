"""On whose behalf something happens. Every service takes an actor first, and judges by it."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

AccountKind = Literal["admin", "integration", "user"]
DeviceKind = Literal["web", "app"]


class Actor(Struct, frozen=True):
    """A signed-in person on one of their devices."""

    user_id: str
    session_id: str
    kind: AccountKind = "user"
    device_kind: DeviceKind = "web"
    device_id: str = ""
