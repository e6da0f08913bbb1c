"""Where the files lie that people send: writable, with room, and the same for all nodes."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from sendjay.doctor.finding import Findings
from sendjay.files.depot import Missing, Unreachable
from sendjay.files.service import open_depot
from sendjay.settings import Settings

_GIB = 1 << 30
_NO_FILE = "0000"


def examine_files(settings: Settings, findings: Findings) -> None:
    if settings.files_s3_bucket:
        _examine_bucket(settings, findings)
        return
    folder = settings.files_path
    if not folder.is_dir():
        findings.ok(f"{folder} is not there yet; the first start makes it")
        return
    if not os.access(folder, os.W_OK | os.X_OK):
        findings.problem(
            f"{folder} cannot be written to: nobody can send a file",
            "Mount it for writing, or give the server's account the right",
        )
    elif settings.redis_url and not settings.files_dir:
        findings.ok(
            f"{folder} has the files; several machines would need files_dir to be one that they share"
        )
    else:
        findings.ok(f"{folder} has the files")
    _examine_room(folder, settings, findings)


def _examine_room(folder: Path, settings: Settings, findings: Findings) -> None:
    free = shutil.disk_usage(folder).free - settings.file_bytes_free
    says = f"{max(free, 0) / _GIB:,.1f} GiB can be taken by files (file_bytes_free leaves the rest)"
    if free <= 0:
        findings.problem("Its disk has no room for files: uploads are refused", "Make room on it")
    elif free < settings.file_bytes_max:
        findings.warning(says, "Make room, or lower file_bytes_max: not even one of the largest would fit")
    else:
        findings.ok(says)


def _examine_bucket(settings: Settings, findings: Findings) -> None:
    try:
        open_depot(settings).length(_NO_FILE)
    except (Unreachable, Missing) as error:
        findings.problem(
            f"The bucket {settings.files_s3_bucket} cannot be reached ({error})",
            "See to files_s3_endpoint, files_s3_key and that the bucket is there",
        )
    else:
        findings.ok(f"The bucket {settings.files_s3_bucket} answers")
