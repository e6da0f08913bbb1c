"""Rules of items: what a host may say of them, which of two states is newer, who may ask."""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from base64 import urlsafe_b64encode
from datetime import date
from typing import Annotated, NamedTuple
from urllib.parse import urlsplit

from msgspec import UNSET, Meta, Struct, UnsetType

from sendjay.protocol.errors import Code, Refused
from sendjay.protocol.objects import Deal

AHEAD_MS = 60_000
"""How far a host's clock may be ahead of ours."""
PASS_MS = 86_400_000
OVER = frozenset({"returned", "cancelled", "done"})
"""States after which nothing is to come."""
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_STATE = re.compile(r"[a-z][a-z0-9_]{0,31}")
_CONTROL = re.compile("[\x00-\x20\x7f]")

Kind = Annotated[str, Meta(min_length=1, max_length=64, examples=["tool"])]
HostId = Annotated[str, Meta(min_length=1, max_length=200, examples=["17"])]


class Owner(Struct, forbid_unknown_fields=True, frozen=True):
    """A person as the host names them: what they sign in with here, or their id."""

    id: Annotated[str, Meta(min_length=1, max_length=200, examples=["hana.jung"])]
    name: Annotated[str, Meta(max_length=100, examples=["정하나"])] = ""
    """Brings in somebody who is unknown here, where tickets may do so."""


class Said(Struct, frozen=True, kw_only=True):
    """What a host says of an item. A field left out of a change stays as it is."""

    owner: Owner | UnsetType = UNSET
    title: Annotated[str, Meta(min_length=1, max_length=200, examples=["전동 드릴"])] | UnsetType = UNSET
    price: Annotated[str, Meta(max_length=100, examples=["하루 12,000원"])] | UnsetType = UNSET
    status: Annotated[str, Meta(max_length=100, examples=["예약됨"])] | UnsetType = UNSET
    picture: (
        Annotated[str, Meta(max_length=1000, examples=["https://market.example.com/17.jpg"])] | UnsetType
    ) = UNSET
    link: (
        Annotated[str, Meta(max_length=1000, examples=["https://market.example.com/posts/17"])] | UnsetType
    ) = UNSET
    is_open: Annotated[bool, Meta(examples=[True])] | UnsetType = UNSET
    by_ticket: Annotated[bool, Meta(examples=[False])] | UnsetType = UNSET
    """Only who brings a ticket that names the item may begin to ask: for what not all may see."""


class ItemState(Said, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """The same, as of a time."""

    at: Annotated[int, Meta(ge=0, le=2**53 - 1, examples=[1_795_320_795_640])] = 0
    """The host's time of this state, in milliseconds since 1970 UTC; 0: now. An older one changes nothing."""


class DealState(Struct, forbid_unknown_fields=True, frozen=True):
    """How the host reports that a deal stands."""

    asker: Owner
    state: Annotated[str, Meta(min_length=1, max_length=32, examples=["reserved"])]
    label: Annotated[str, Meta(max_length=100, examples=["예약 확정"])] = ""
    since: Annotated[str, Meta(max_length=10, examples=["2026-11-28"])] | None = None
    until: Annotated[str, Meta(max_length=10, examples=["2026-11-30"])] | None = None
    at: Annotated[int, Meta(ge=0, le=2**53 - 1, examples=[1_795_320_795_640])] = 0


class Ref(NamedTuple):
    """Which item."""

    kind: str
    host_id: str

    @property
    def key(self) -> str:
        """As it is kept: short, whatever the host's ids look like."""
        digest = hashlib.blake2b(digest_size=20)
        for part in self:
            raw = part.encode()
            digest.update(len(raw).to_bytes(4) + raw)
        return digest.hexdigest()


def ref_of(kind: str, host_id: str) -> Ref:
    """Raises Refused(NOT_FOUND) for what no host can have registered."""
    # A slash would part an address: such an id could be named by no route.
    if _UNPRINTABLE.search(kind + host_id) or "/" in kind + host_id:
        raise Refused(Code.NOT_FOUND)
    return Ref(unicodedata.normalize("NFC", kind), unicodedata.normalize("NFC", host_id))


def columns_of(state: ItemState) -> dict[str, str | int]:
    """The columns that it sets, but for the owner. Raises Refused(INVALID)."""
    found: dict[str, str | int] = {}
    for name in ("title", "price", "status"):
        value = getattr(state, name)
        if value is not UNSET:
            found[name] = _line(value)
    for name in ("picture", "link"):
        value = getattr(state, name)
        if value is not UNSET:
            found[name] = _address(value)
    for name in ("is_open", "by_ticket"):
        value = getattr(state, name)
        if value is not UNSET:
            found[name] = int(value)
    if found.get("title") == "":
        raise Refused(Code.INVALID, "An item has a title.")
    return found


def issued_at(at: int, now: int) -> int:
    """When a state was issued. Raises Refused(INVALID) for one from the future: nothing could follow it."""
    if at > now + AHEAD_MS:
        raise Refused(Code.INVALID, "`at` lies in the future: please set the clocks.")
    return at or now


def deal_of(state: DealState) -> Deal:
    """Raises Refused(INVALID)."""
    if not _STATE.fullmatch(state.state):
        raise Refused(Code.INVALID, "A state is a word in small letters, such as handed_over.")
    since, until = _day(state.since), _day(state.until)
    if since and until and until < since:
        raise Refused(Code.INVALID, "It ends before it begins.")
    return Deal(state.state, _line(state.label), since, until)


def last_day(deal: Deal) -> str:
    """Until when it is to come; empty: nothing is."""
    return "" if deal.state in OVER else deal.until or deal.since or ""


def make_pass(secret: bytes, item_key: str, user: str, expires_ms: int) -> str:
    """That the host has shown an item to somebody; nobody else can use it, or for another one."""
    digest = hmac.digest(secret, f"{item_key}|{user}|{expires_ms}".encode(), "sha256")
    return f"{expires_ms}.{urlsafe_b64encode(digest[:24]).decode()}"


def allows(secret: bytes, given: str, item_key: str, user: str, now: int) -> bool:
    """Is this a pass for them, now?"""
    digits, _, _ = given.partition(".")
    if not given.isascii() or not digits.isdigit() or len(digits) > 15 or int(digits) <= now:
        return False
    return hmac.compare_digest(given, make_pass(secret, item_key, user, int(digits)))


def _line(text: str) -> str:
    line = " ".join(unicodedata.normalize("NFC", text).split())
    if _UNPRINTABLE.search(line):
        raise Refused(Code.INVALID, "A text has characters that cannot be shown.")
    return line


def _address(text: str) -> str:
    """A link that a browser follows: never script, never a file."""
    if not text:
        return ""
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = None
    if parts is None or parts.scheme not in ("http", "https") or not parts.netloc or _CONTROL.search(text):
        raise Refused(Code.INVALID, "picture and link are addresses that begin with https:// or http://.")
    return text


def _day(text: str | None) -> str | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise Refused(Code.INVALID, "A day is written like 2026-11-24.") from None
