"""What happens with a portal's ticket: who signed it, what it says, and the session it is exchanged for."""

from __future__ import annotations

import base64
import time
import warnings

import msgspec
import structlog
from joserfc import jws
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jws import JWSRegistry
from msgspec import Struct

from sendjay.accounts.service import AccountsService, BadTicket, Device, Entered, network_of
from sendjay.actor import Actor
from sendjay.directory.service import DirectoryService
from sendjay.embed import model
from sendjay.embed.fetching import fetch
from sendjay.embed.model import TicketClaims, TicketHeader
from sendjay.embed.portal_keys import PublicKeys, SharedSecret, TicketKey, TicketKeys
from sendjay.items.service import ItemsService, ItemTicket
from sendjay.notify.service import NotifyService
from sendjay.protocol.errors import Code, Refused
from sendjay.protocol.objects import MySettings, Person
from sendjay.settings import Settings

log = structlog.get_logger(__name__)

# Its new name, Ed25519, is taken too; portals' libraries go on to say EdDSA.
warnings.filterwarnings("ignore", message="EdDSA is deprecated", category=SecurityWarning)

_NO_TICKET = (JoseError, msgspec.DecodeError, ValueError, TypeError, KeyError, RecursionError)
"""What a text that is no ticket makes its readers raise."""


class Guest(Struct, frozen=True):
    """Somebody whom a portal has brought."""

    entered: Entered
    person: Person
    login: str
    settings: MySettings


class EmbedService:
    def __init__(
        self,
        settings: Settings,
        accounts: AccountsService,
        directory: DirectoryService,
        notify: NotifyService,
        items: ItemsService,
    ) -> None:
        self._settings = settings
        self._accounts = accounts
        self._directory = directory
        self._notify = notify
        self._items = items
        items.read_tickets_with(self.read_item_ticket)
        self._tries = accounts.throttle("ticket", settings.sign_in_tries_per_address)
        self._keys = _keys(settings)

    async def exchange(self, ticket: str, device: Device, address: str) -> Guest:
        """A session for a ticket. Raises BadTicket, whatever is wrong with it."""
        keys = self._configured_keys()
        key = await keys.find(_key_name(ticket))
        try:
            claims = self._verify(ticket, key)
            voucher = model.voucher(claims, creates_people=self._settings.embed_creates_people)
            entered = await self._accounts.enter(voucher, device, address)
        except BadTicket as bad:
            log.info("embed.ticket_refused", why=bad.why, address=address)
            # Only bad ones count, and only they are slowed down: a whole office may share one address.
            await self._tries.begin(network_of(address))
            raise
        await self._take_item(claims)
        me = await self._directory.me(entered.actor)
        return Guest(entered, me.person, me.login, await self._notify.settings(entered.actor))

    async def read_item_ticket(self, ticket: str) -> ItemTicket:
        """What a ticket says of an item. It may be brought again as long as it is good: it opens nothing but
        the talk about that item, and to that person. Raises BadTicket.
        """
        keys = self._configured_keys()
        claims = self._verify(ticket, await keys.find(_key_name(ticket)))
        said = _item_said(claims)
        if said is None:
            raise BadTicket("it names no item")
        return said

    async def _take_item(self, claims: TicketClaims) -> None:
        """Who signs in is not kept out by what is wrong with an item."""
        try:
            said = _item_said(claims)
            if said is not None:
                await self._items.registered(said)
        except Refused as refused:
            log.info("embed.item_refused", why=refused.message)

    async def hand_off(self, actor: Actor, origin: str) -> str:
        """A code for a window of the messenger that a page of this origin opens. Raises BadTicket."""
        self._configured_keys()
        return await self._accounts.hand_off(actor, origin)

    def _verify(self, ticket: str, key: TicketKey | None) -> TicketClaims:
        if key is None:
            raise BadTicket("no key of this name is known")
        # Header fields that are not known are to be ignored (RFC 7515), the algorithm is the key's.
        registry = JWSRegistry(algorithms=key.algorithms, strict_check_header=False)
        try:
            payload = jws.deserialize_compact(ticket, key.key, registry=registry).payload
            claims = msgspec.json.decode(payload or b"", type=TicketClaims)
        except _NO_TICKET as error:
            raise BadTicket(f"it cannot be read ({type(error).__name__})") from None
        model.judge(claims, self._settings.embed_audience, time.time())
        return claims

    def _configured_keys(self) -> TicketKeys:
        if self._keys is None:
            raise Refused(Code.NOT_FOUND)
        return self._keys


def _keys(settings: Settings) -> TicketKeys | None:
    if settings.embed_secret:
        return SharedSecret(settings.embed_secret)
    if settings.embed_jwks:
        return PublicKeys(lambda: fetch(settings.embed_jwks))
    return None


def _item_said(claims: TicketClaims) -> ItemTicket | None:
    try:
        return model.item_ticket(claims)
    except Refused:
        raise BadTicket("its item cannot be named so") from None


def _key_name(ticket: str) -> str | None:
    """Which key a ticket names; what cannot be read names none."""
    head = ticket.partition(".")[0]
    try:
        raw = base64.urlsafe_b64decode(head + "=" * (-len(head) % 4))
        return msgspec.json.decode(raw, type=TicketHeader).kid
    except _NO_TICKET:
        return None
