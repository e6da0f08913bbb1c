"""On whose behalf something happens. Every service takes an actor first, and judges by it."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from sendjay.protocol.errors import Code, Refused

AccountKind = Literal["admin", "integration", "user"]
DeviceKind = Literal["web", "app"]


class Actor(Struct, frozen=True):
    """A signed-in person on one of their devices."""

    user_id: str
    session_id: str
    kind: AccountKind = "user"
    device_kind: DeviceKind = "web"
    device_id: str = ""


class Integration(Struct, frozen=True):
    """A host's server, calling with a token of its own. It is nobody: no room and no person is open to it."""

    user_id: str
    """The token's."""
    scopes: tuple[str, ...]
    """`items` and `deals`, or with one kind or state each: items:bike, deals:reserved."""

    def require(self, scope: str, part: str) -> None:
        """Raises Refused(NOT_ALLOWED) for what the token does not allow."""
        if scope not in self.scopes and f"{scope}:{part}" not in self.scopes:
            raise Refused(Code.NOT_ALLOWED, f"This token does not allow {scope}:{part}.")
