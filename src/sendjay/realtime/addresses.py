"""Where somebody calls from, as far as it can be told one from another."""

from __future__ import annotations

import ipaddress


def network_of(address: str) -> str:
    """What tries are counted for: an IPv4 address, or an IPv6 network, of which one household has all."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((int(parsed), 64), strict=False))
