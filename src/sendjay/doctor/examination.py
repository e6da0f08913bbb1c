"""All examinations, one after the other; one that fails itself is a finding as well."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sendjay.doctor.database import examine_database
from sendjay.doctor.files import examine_files
from sendjay.doctor.finding import Finding, Findings
from sendjay.doctor.folder import examine_folder
from sendjay.doctor.network import examine_network
from sendjay.doctor.portals import examine_portals
from sendjay.doctor.redis import examine_redis
from sendjay.doctor.server import examine_server
from sendjay.doctor.upkeep import examine_upkeep
from sendjay.settings import Settings

Examination = Callable[[Settings, Findings], None]

PARTS: dict[str, Examination] = {
    "Data folder": examine_folder,
    "Database": examine_database,
    "Files": examine_files,
    "Clean-up": examine_upkeep,
    "Redis": examine_redis,
    "Network": examine_network,
    "Portals": examine_portals,
    "Server": examine_server,
}


def examine(settings: Settings) -> Iterator[Finding]:
    """Every finding about an installation with these settings. Nothing is changed."""
    yield Finding("ok", "Settings", "They can be read, and each may be used")
    for about, examination in PARTS.items():
        findings = Findings(about)
        try:
            examination(settings, findings)
        except Exception as error:
            where = type(error).__name__
            findings.problem(f"This could not be examined to its end ({where}: {error})", "Please report it")
        yield from findings.found
