"""What can go wrong, as codes that programs rely on and sentences that people read.

A client shows its own sentence for a code it knows (in the person's language) and `message` otherwise.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Code(StrEnum):
    """Stable error codes."""

    MALFORMED = "malformed"
    UNKNOWN_COMMAND = "unknown_command"
    INVALID = "invalid"
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    TOO_LARGE = "too_large"
    NO_ROOM = "no_room"
    WRONG_KIND = "wrong_kind"
    HELLO_FIRST = "hello_first"
    UNAUTHORIZED = "unauthorized"
    DEVICE_REMOVED = "device_removed"
    """As unauthorized, and what this device keeps of the person is to be wiped."""
    BAD_TICKET = "bad_ticket"
    PARKED = "parked"
    WRONG_PASSWORD = "wrong_password"  # noqa: S105 - a code, not a password
    NOT_ALLOWED = "not_allowed"
    BLOCKED = "blocked"
    """One of the two has blocked the other."""
    NOT_FOUND = "not_found"
    KEY_REUSED = "key_reused"
    CONFLICT = "conflict"
    RATE_LIMITED = "rate_limited"
    BUSY = "busy"
    INTERNAL = "internal"


RETRYABLE = frozenset({Code.RATE_LIMITED, Code.BUSY, Code.INTERNAL})

SENTENCES: dict[Code, str] = {
    Code.MALFORMED: "This is not a JSON object that we can read.",
    Code.UNKNOWN_COMMAND: "There is no such command.",
    Code.INVALID: "Something in it is not as it must be.",
    Code.TOO_LONG: "The text is too long: 4,000 characters at most.",
    Code.TOO_MANY: "Too many at once.",
    Code.TOO_LARGE: "The file is too large.",
    Code.NO_ROOM: "There is no room for more files. Please ask your administrator.",
    Code.WRONG_KIND: "Files of this kind may not be sent here.",
    Code.HELLO_FIRST: "Say hello with a token first.",
    Code.UNAUTHORIZED: "Please sign in again.",
    Code.DEVICE_REMOVED: "This device was signed out from another one. Please sign in again.",
    Code.BAD_TICKET: "The ticket is not valid: it may have expired or been used before.",
    Code.PARKED: "You use the messenger elsewhere. Take the place over first.",
    Code.WRONG_PASSWORD: "The id or the password is not right.",
    Code.NOT_ALLOWED: "You may not do this.",
    Code.BLOCKED: "You two cannot write to each other.",
    Code.NOT_FOUND: "There is no such thing, or it is not yours to see.",
    Code.KEY_REUSED: "This client_id was used for something else.",
    Code.CONFLICT: "It is in use already.",
    Code.RATE_LIMITED: "Too fast. Please wait a moment.",
    Code.BUSY: "The server is busy. Please try again in a moment.",
    Code.INTERNAL: "Something went wrong on our side. Please try again.",
}


class Refused(Exception):
    """A command that will not be done. Raised by models and services, answered by endpoint and routes."""

    def __init__(self, code: Code, message: str | None = None, *, retry_after_ms: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.message = message or SENTENCES[code]
        self.retry_after_ms = retry_after_ms


class Close(IntEnum):
    """Close codes: what the client does next."""

    GOING_AWAY = 1001
    """Retry with backoff (as after every close that is not listed here)."""
    UNSUPPORTED = 1003
    """A binary frame came: this protocol is text. A fault of the client; retry with backoff."""
    BAD_UTF8 = 1007
    """A frame was not UTF-8. A fault of the client; retry with backoff."""
    TOO_BIG = 1009
    """A frame was over the limit that the answer to hello names. Do not send it again."""
    RESTART = 1012
    """Retry at a spread time: the server restarts. The reason is the window in milliseconds."""
    TOO_SLOW = 4000
    """Retry: you did not read fast enough; you will sync."""
    REFRESH = 4001
    """Refresh the access token, then retry."""
    STOP = 4003
    """Signed out or blocked: do not retry."""
    PARKED = 4004
    """Used elsewhere: stay quiet until the person comes back to this page."""
    NO_HELLO = 4008
    """No hello in time, no answer to a tick, or too many errors: retry with backoff."""
