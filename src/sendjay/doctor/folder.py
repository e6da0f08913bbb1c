"""The data folder: private, ours, and with room."""

from __future__ import annotations

import os
import pwd
import shutil
import stat
from pathlib import Path

from sendjay.doctor.finding import Findings
from sendjay.settings import Settings
from sendjay.storage.file_systems import IN_MEMORY, kind_of

_GIB = 1 << 30
LITTLE_ROOM = 2 * _GIB
NO_ROOM = _GIB // 4


def examine_folder(settings: Settings, findings: Findings) -> None:
    folder = settings.data_path
    if not folder.is_dir():
        findings.ok(f"{folder} is not there yet; the first start makes it")
        return
    _examine_access(folder, findings)
    _examine_room(folder, findings)
    if kind_of(folder) in IN_MEMORY:
        findings.warning(f"{folder} is in memory, and empty after a restart of the machine", "Take a disk")


def _examine_access(folder: Path, findings: Findings) -> None:
    about = folder.stat()
    mode = stat.S_IMODE(about.st_mode)
    says = f"{folder} is open to other accounts of this machine (mode {mode:o})"
    if mode & 0o022:
        findings.problem(says, f"chmod 700 {folder}")
    elif mode & 0o077:
        findings.warning(says, f"chmod 700 {folder}")
    elif about.st_uid != os.geteuid():
        owner = _name_of(about.st_uid)
        findings.warning(
            f"{folder} belongs to {owner}, and this is {_name_of(os.geteuid())}", f"Run this as {owner}"
        )
    elif not os.access(folder, os.W_OK | os.X_OK):
        findings.problem(
            f"{folder} cannot be written to", "Mount it for writing, or give the server's account the right"
        )
    else:
        findings.ok(f"{folder} is open to this account alone")
    for file in sorted(folder.glob("*.db*")):
        if stat.S_IMODE(file.stat().st_mode) & 0o077:
            findings.problem(f"{file.name} is open to other accounts of this machine", f"chmod 600 {file}")


def _examine_room(folder: Path, findings: Findings) -> None:
    room = shutil.disk_usage(folder)
    says = f"{room.free / _GIB:,.1f} GiB are free on its disk, of {room.total / _GIB:,.0f}"
    if room.free < NO_ROOM:
        findings.problem(says, "Make room: nothing can be written on a full disk, and nobody can send")
    elif room.free < LITTLE_ROOM:
        findings.warning(says, "Make room before it is full")
    else:
        findings.ok(says)


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"account {uid}"
