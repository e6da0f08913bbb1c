"""Portals that put the messenger into their pages."""

from __future__ import annotations

import asyncio

from sendjay.doctor.finding import Findings
from sendjay.embed.fetching import fetch
from sendjay.embed.portal_keys import read_keys
from sendjay.settings import Settings


def examine_portals(settings: Settings, findings: Findings) -> None:
    has_keys = bool(settings.embed_secret or settings.embed_jwks)
    if not settings.embed_origins and not has_keys:
        findings.ok("No portal puts the messenger into its pages")
        return
    if not settings.embed_origins:
        findings.warning(
            "There is a key for tickets, but embed_origins names no portal", "Name the portal's origin"
        )
    if not has_keys:
        findings.problem(
            "embed_origins names a portal, but no ticket of it can be checked: nobody gets in there",
            "Set embed_secret or embed_jwks",
        )
    for origin in settings.embed_origins:
        if origin.startswith("http://") and not origin.startswith(("http://localhost", "http://127.")):
            findings.warning(
                f"The portal {origin} is without TLS: tickets travel in the clear", "Serve it by https"
            )
    if settings.embed_jwks:
        _examine_public_keys(settings.embed_jwks, findings)
    elif settings.embed_secret:
        findings.ok("Tickets are checked with the secret shared with the portal")


def _examine_public_keys(address: str, findings: Findings) -> None:
    remedy = "See to it that the portal's public keys are there, and that this machine may ask for them"
    try:
        keys = read_keys(asyncio.run(fetch(address)))
    except (OSError, ValueError) as error:
        findings.problem(
            f"The portal's keys cannot be had from {address} ({error or type(error).__name__})", remedy
        )
        return
    if not keys:
        findings.problem(
            f"{address} holds no key that tickets may be signed with (RS256, ES256, EdDSA)", remedy
        )
    elif address.startswith("http://"):
        findings.warning(
            f"The portal's keys come from {address}: whoever is between can change them", "Take https"
        )
    else:
        findings.ok(f"{len(keys)} of the portal's public keys can be had")
