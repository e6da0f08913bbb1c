"""Has a database server room for our connections?"""

from __future__ import annotations

from sendjay.doctor.finding import Findings
from sendjay.settings import Settings

BESIDE_READERS = 4
"""The writer, the node's own errands, and a command line."""


def examine_connections(name: str, most: int, used: int, settings: Settings, findings: Findings) -> None:
    """`most`: what the server allows ordinary accounts; `used`: what is open now, ours among them."""
    needed = settings.workers * (settings.readers + BESIDE_READERS)
    says = f"{used} of {most} connections are in use; a server with these settings takes up to {needed}"
    remedy = f"Raise {name}, or lower readers"
    if most < needed:
        findings.problem(says, remedy)
    elif most - used < needed:
        findings.warning(f"{says}: there is no room for one more", remedy)
    else:
        findings.ok(says)
