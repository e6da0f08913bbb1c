"""The bounds of one connection."""

from __future__ import annotations

from dataclasses import dataclass

from sendjay.settings import Settings


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """What one connection may use before it is slowed down or closed."""

    commands_per_second: float = 50.0
    commands_burst: int = 400
    errors_burst: int = 100
    send_queue_bytes: int = 1_048_576
    """What waits for the peer; and what gathers while hello reads its snapshot."""
    commands_at_once: int = 32
    """Handlers that wait for the database, at the same time."""

    @classmethod
    def from_settings(cls, settings: Settings) -> ConnectionLimits:
        return cls(
            commands_per_second=settings.commands_per_second,
            commands_burst=settings.commands_burst,
            errors_burst=settings.errors_burst,
            send_queue_bytes=settings.send_queue_bytes,
        )
