"""Which kind of file system a file lies on, from the kernel's own list of mounts."""

from __future__ import annotations

import re
from pathlib import Path

MOUNTS = Path("/proc/self/mountinfo")
_NETWORK = re.compile(
    r"(fuse\.)?(9p|afs|beegfs|ceph|cifs|coda|davfs|gfs2?|glusterfs|gpfs|juicefs|lustre|nfs4?|ocfs2|orangefs"
    r"|prl_fs|smb2|smb3|smbfs|vboxsf|vmhgfs(-fuse)?|gcsfuse|grpcfuse|rclone|s3fs|sshfs)"
)
IN_MEMORY = frozenset(("tmpfs", "ramfs"))


def is_network(kind: str) -> bool:
    """May other machines change what lies there, or does it only pass calls on?

    Locks and mapped memory, which SQLite stands on, are not kept there as they are on a disk.
    """
    return _NETWORK.fullmatch(kind) is not None


def kind_of(path: Path, mounts: str | None = None) -> str:
    """The file system's type, such as ext4 or nfs4; empty where the kernel does not tell.

    `path` need not be there yet. `mounts`: text in the form of /proc/self/mountinfo.
    """
    if mounts is None:
        try:
            mounts = MOUNTS.read_text()
        except OSError:
            return ""
    wanted = path.resolve()
    found, depth = "", -1
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        point = Path(_unescape(before.split(" ")[4]))
        # Of two mounts on one point the later one is what is seen.
        if wanted.is_relative_to(point) and len(point.parts) >= depth:
            found, depth = after.split(" ")[0], len(point.parts)
    return found


def _unescape(text: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), text)
