"""How people reach the server: its address, the proxies before it, its certificate."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from sendjay.doctor.certificate import examine_certificate
from sendjay.doctor.finding import Findings
from sendjay.settings import Settings

_HERE = ("localhost", "127.0.0.1", "::1")


def examine_network(settings: Settings, findings: Findings) -> None:
    _examine_public_url(settings, findings)
    for origin in settings.allowed_origins:
        parts = urlsplit(origin)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/"):
            findings.problem(
                f"allowed_origins: {origin} is no origin, so no page is let in by it",
                "Write it as https://portal.example.com, with nothing after it",
            )
    _examine_proxies(settings.trusted_proxies, findings)
    if settings.ssl_certfile:
        examine_certificate(settings, findings)
    elif settings.host not in _HERE and not settings.trusted_proxies:
        findings.warning(
            f"It listens at {settings.host} without TLS: passwords travel in the clear",
            "Put a proxy with TLS before it and name it in trusted_proxies, or set ssl_certfile",
        )


def _examine_public_url(settings: Settings, findings: Findings) -> None:
    url = settings.public_url
    if not url:
        findings.ok("public_url is not set: it is known by the name it is asked for")
        return
    parts = urlsplit(url)
    is_here = parts.hostname in _HERE
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query:
        findings.problem(
            f"public_url is {url}, which is no address of a server",
            "Write it as https://talk.example.com, with nothing after it",
        )
    elif parts.scheme == "http" and not is_here:
        findings.warning(
            f"public_url is {url}: passwords travel in the clear, and browsers give no notifications there",
            "Serve it by https",
        )
    elif parts.scheme == "https" and not settings.ssl_certfile and not settings.trusted_proxies:
        findings.warning(
            "public_url is https, but there is no certificate here and no proxy in trusted_proxies: all seem "
            "to come from the proxy's address, without TLS",
            "Name the proxy's address in trusted_proxies",
        )
    else:
        findings.ok(f"People reach it at {url}")


def _examine_proxies(proxies: list[str], findings: Findings) -> None:
    for proxy in proxies:
        try:
            network = ipaddress.ip_network(proxy, strict=False)
        except ValueError:
            findings.problem(
                f"trusted_proxies: {proxy} is no address and no network",
                "Write addresses such as 10.0.0.5, or networks such as 10.0.0.0/24",
            )
            continue
        if network.prefixlen == 0:
            findings.problem(
                f"trusted_proxies: {proxy} is everybody, so everybody may claim to be at any address",
                "Name the proxies alone",
            )
    if proxies and not any(each.level == "problem" for each in findings.found):
        findings.ok(f"Forwarded headers count from {', '.join(proxies)}")
