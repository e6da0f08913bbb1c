"""The server process, where one runs here, and how many connections it may hold."""

from __future__ import annotations

import resource

from sendjay.control import NAME, NotRunning, pid_behind
from sendjay.doctor.finding import Findings
from sendjay.settings import Settings

FEW_FILES = 8192
_FILES_OF_OUR_OWN = 200
"""Database, logs, the local socket: what is no connection."""
_MANY = 1 << 30


def examine_server(settings: Settings, findings: Findings) -> None:
    try:
        pid = pid_behind(settings.data_path / NAME)
        findings.ok(f"A server is running here (process {pid})")
    except NotRunning:
        pid = None
        findings.ok("No server is running here")
    except OSError as error:
        pid = None
        findings.warning(
            f"It cannot be seen whether a server runs here ({error.strerror})", "Run this as its account"
        )
    files = _open_files_of(pid)
    whose = "The server" if pid else "A server started from here"
    says = f"{whose} may hold {max(files - _FILES_OF_OUR_OWN, 0):,} connections (open files: {files:,})"
    if files < FEW_FILES:
        findings.warning(says, "Raise the limit for more people: LimitNOFILE in the unit file, or ulimit -n")
    else:
        findings.ok(says)


def _open_files_of(pid: int | None) -> int:
    """The limit of that process; without one ours, which a server started from here would have."""
    limits = (
        resource.prlimit(pid, resource.RLIMIT_NOFILE) if pid else resource.getrlimit(resource.RLIMIT_NOFILE)
    )
    return _MANY if limits[0] == resource.RLIM_INFINITY else limits[0]
