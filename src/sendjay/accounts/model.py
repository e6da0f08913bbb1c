"""Accounts and sessions: what a password must be, what signing in gives, when a refresh is a reuse."""

from __future__ import annotations

import hmac
import unicodedata
from enum import Enum
from typing import Annotated, Literal

from msgspec import Meta, Struct

from sendjay.actor import AccountKind, Actor, DeviceKind
from sendjay.protocol.errors import Code, Refused
from sendjay.protocol.objects import Person

PASSWORD_BYTES = 1024
SESSIONS_PER_USER = 50
"""Beyond this a new sign-in ends the oldest session."""

DEVICE_REMOVED = "device_removed"
"""Ended by its person from another device: the only end that tells a device to wipe what it keeps."""

BY_TICKET = -1
"""The refresh counter of a session that has no refresh token, because tickets begin and renew it."""

Login = Annotated[str, Meta(min_length=1, max_length=200)]
Password = Annotated[str, Meta(min_length=1, max_length=PASSWORD_BYTES)]


class Device(Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody signs in on. A sign-in on the same device id replaces the session before it."""

    id: Annotated[str, Meta(max_length=64)] = ""
    kind: DeviceKind = "web"
    name: Annotated[str, Meta(max_length=200)] = ""


class SignedInDevice(Struct, frozen=True):
    """A session that lives, as its person sees it. Times are milliseconds since 1970."""

    id: str
    kind: DeviceKind
    name: str
    address: str
    created_at: int
    seen_at: int
    current: bool
    """The one that asks."""
    connected: bool


class Claims(Struct, frozen=True):
    """What an access token says. Times are seconds since 1970."""

    sub: str
    sid: str
    exp: int
    iat: int
    aud: Literal["sendjay"]


class SignedIn(Struct, frozen=True):
    """A session that has just begun or been refreshed."""

    actor: Actor
    person: Person
    access_token: str
    refresh_token: str
    access_expires_in: int
    """Seconds."""


class Entered(Struct, frozen=True):
    """A session that a ticket has just begun or renewed."""

    actor: Actor
    access_token: str
    access_expires_in: int
    """Seconds."""


class BadTicket(Refused):
    """To whoever tries, all bad tickets look alike; `why` is for the log."""

    def __init__(self, why: str) -> None:
        super().__init__(Code.BAD_TICKET)
        self.why = why


class NewAccount(Struct, frozen=True):
    login: str
    name: str
    password: str
    kind: AccountKind = "user"
    org: str = ""
    by: str = ""


class AccountSummary(Struct, frozen=True):
    user_id: str
    login: str
    name: str
    kind: AccountKind
    org_name: str
    disabled: bool
    has_password: bool


class Refresh(Enum):
    """What a refresh token with a valid signature is worth."""

    ROTATE = "rotate"
    AGAIN = "again"
    REUSED = "reused"


def judge_refresh(current: int, remembered: str, counter: int, attempt: str) -> Refresh:
    """`counter` and `attempt` come with the request, `current` and `remembered` stand in the session.

    A client whose answer was lost asks again with the same attempt. Anything else that is not the
    newest token has been copied: one of its two owners is a thief.
    """
    if counter == current:
        return Refresh.ROTATE
    if counter == current - 1 and attempt and hmac.compare_digest(attempt.encode(), remembered.encode()):
        return Refresh.AGAIN
    return Refresh.REUSED


def refusal_after(end_reason: str) -> Refused:
    """What a session that has ended is answered. Only who holds a token that was signed for this very session
    may be told by it.
    """
    return Refused(Code.DEVICE_REMOVED if end_reason == DEVICE_REMOVED else Code.UNAUTHORIZED)


def password_bytes(password: str) -> bytes:
    """What is hashed: NFC, so that it does not depend on the keyboard. Raises Refused for too much."""
    try:
        encoded = unicodedata.normalize("NFC", password).encode()
    except UnicodeEncodeError:
        raise Refused(Code.INVALID) from None
    if len(encoded) > PASSWORD_BYTES:
        raise Refused(Code.INVALID, f"A password has {PASSWORD_BYTES} bytes at most.")
    return encoded


def check_new_password(password: str, min_length: int) -> bytes:
    """The new password as it is hashed. Raises Refused when it is too short."""
    if len(unicodedata.normalize("NFC", password)) < min_length:
        raise Refused(
            Code.INVALID, f"A password has {min_length} characters at least. Please choose a longer one."
        )
    return password_bytes(password)
