"""REST of the messenger within a portal: a ticket for a session, a session for a window."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request, Response, Router, post
from litestar.params import JSONBody
from msgspec import Meta, Struct

from sendjay.accounts.service import Device, named
from sendjay.actor import Actor
from sendjay.embed.model import TICKET_LENGTH
from sendjay.embed.service import EmbedService
from sendjay.protocol.objects import MySettings, Person
from sendjay.rest import client_address
from sendjay.settings import Settings

BODY_BYTES = 16_384
HANDOFF_SECONDS = 60


class PortalDevice(Struct, forbid_unknown_fields=True):
    id: Annotated[str, Meta(min_length=8, max_length=64)]
    """Random, and kept by the browser: the same for all pages of a portal."""
    name: Annotated[str, Meta(max_length=200)] = ""


class TicketRequest(Struct, forbid_unknown_fields=True):
    ticket: Annotated[str, Meta(min_length=1, max_length=TICKET_LENGTH)]
    device: PortalDevice


class TicketAnswer(Struct):
    access_token: str
    access_expires_in: int
    """Seconds. A new ticket renews it."""
    session: str
    user: Person
    login: str
    settings: MySettings


class HandoffAnswer(Struct):
    code: str
    expires_in: int
    """Seconds."""


def create_router(embed: EmbedService, settings: Settings) -> Router:
    @post("/session", status_code=200, exclude_from_auth=True)
    async def exchange_ticket(
        data: JSONBody[TicketRequest], request: Request[Any, Any, Any]
    ) -> Response[TicketAnswer]:
        """A session for a ticket that the portal's server has signed; the same one on the same device."""
        device = named(Device(data.device.id, "web", data.device.name), request.headers.get("user-agent", ""))
        guest = await embed.exchange(data.ticket, device, client_address(request, settings))
        entered = guest.entered
        answer = TicketAnswer(
            access_token=entered.access_token,
            access_expires_in=entered.access_expires_in,
            session=entered.actor.session_id,
            user=guest.person,
            login=guest.login,
            settings=guest.settings,
        )
        return Response(answer, headers={"Cache-Control": "no-store"})

    @post("/handoff", status_code=200)
    async def hand_off(request: Request[Actor, Any, Any]) -> HandoffAnswer:
        """A code by which a window of the messenger that this page opens is signed in too, once."""
        code = await embed.hand_off(request.user, request.headers.get("origin", ""))
        return HandoffAnswer(code, HANDOFF_SECONDS)

    handlers: list[Any] = [exchange_ticket, hand_off]
    return Router("/api/embed", route_handlers=handlers, request_max_body_size=BODY_BYTES, tags=["embed"])
