"""Has a database server room for the connections of a node?"""

from __future__ import annotations

from sendjay.doctor.finding import Findings
from sendjay.settings import Settings

BESIDE_READERS = 3
"""The writer, the node's own errands, and one of a command line."""


def examine_connections(name: str, most: int, used: int, settings: Settings, findings: Findings) -> None:
    """`most`: what the server allows ordinary accounts; `used`: what is open now, ours among them."""
    needed = settings.readers + BESIDE_READERS
    says = f"{used} of {most} connections are in use; a process of ours takes up to {needed}"
    remedy = f"Raise {name}, or lower readers"
    if most < needed:
        findings.problem(says, remedy)
    elif most - used < needed:
        findings.warning(f"{says}: there is no room for one more", remedy)
    else:
        findings.ok(says)
