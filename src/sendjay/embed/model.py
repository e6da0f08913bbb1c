"""Tickets: what a portal's server says of who is signed in there, and when that counts."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from sendjay.accounts.service import BadTicket, Voucher
from sendjay.directory.service import UserEntry
from sendjay.items.service import ItemState, ItemTicket, Said, ref_of

TICKET_LENGTH = 8192
GOOD_FOR_SECONDS = 300
"""A ticket may be made for so long at most."""
LEEWAY_SECONDS = 30
"""How far the portal's clock and ours may lie apart."""


class TicketHeader(Struct, frozen=True):
    """What is read of a ticket before its signature is checked: nothing but which key to try."""

    kid: str | None = None


class ItemClaim(Said, frozen=True, kw_only=True):
    """An item that this person sees at the host; with a title or an owner, what the host says of it."""

    kind: Annotated[str, Meta(min_length=1, max_length=64)]
    id: Annotated[str, Meta(min_length=1, max_length=200)]


class TicketClaims(Struct, frozen=True):
    """The claims that count; times are seconds since 1970. A portal may say more, which nobody reads."""

    sub: Annotated[str, Meta(min_length=1, max_length=200)]
    aud: str | list[str]
    iat: float
    exp: float
    jti: Annotated[str, Meta(min_length=1, max_length=255)]
    nbf: float | None = None
    name: str | None = None
    org: str | None = None
    org_name: str | None = None
    job: str | None = None
    tel: str | None = None
    nickname: str | None = None
    item: ItemClaim | None = None


def judge(claims: TicketClaims, audience: str, now: float) -> None:
    """Raises BadTicket for one that is not for us, or not now."""
    if audience not in (claims.aud if isinstance(claims.aud, list) else [claims.aud]):
        raise BadTicket("its aud is not embed_audience")
    if claims.exp - claims.iat > GOOD_FOR_SECONDS:
        raise BadTicket(f"it was made for more than {GOOD_FOR_SECONDS} seconds")
    if max(claims.iat, claims.nbf or 0) > now + LEEWAY_SECONDS:
        raise BadTicket("it is from the future: please set the clocks")
    if claims.exp + LEEWAY_SECONDS <= now:
        raise BadTicket("it has expired")


def voucher(claims: TicketClaims, *, creates_people: bool) -> Voucher:
    """What a ticket that was judged good vouches for."""
    expires_at = claims.exp + LEEWAY_SECONDS
    newcomer = _newcomer(claims) if creates_people and claims.name else None
    return Voucher(claims.jti, expires_at, claims.sub, newcomer)


def item_ticket(claims: TicketClaims) -> ItemTicket | None:
    """What a ticket that was judged good says of an item."""
    item = claims.item
    if item is None:
        return None
    state = None
    if item.title is not UNSET or item.owner is not UNSET:
        said = {name: getattr(item, name) for name in Said.__struct_fields__}
        # When it was signed is when it was so: an older ticket never overwrites what is newer.
        state = ItemState(**said, at=int(claims.iat * 1000))
    return ItemTicket(claims.sub, ref_of(item.kind, item.id), state)


def _newcomer(claims: TicketClaims) -> UserEntry:
    return UserEntry(
        id="",
        name=_said(claims.name),
        org=_said(claims.org),
        org_name=_said(claims.org_name),
        job=_said(claims.job),
        tel=_said(claims.tel),
        nickname=_said(claims.nickname),
    )


def _said(text: str | None) -> str | UnsetType:
    return UNSET if text is None else text
