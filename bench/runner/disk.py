"""The disk and the database without us: what latencies and commits could be at best, in this very minute."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.runner import cores, paths
from bench.runner.population import Population


def fdatasync(folder: Path, seconds: float = 2) -> dict[str, float]:
    """p50_ms, p99_ms and p999_ms of a bare write and fdatasync, in a directory of the same disk."""
    output = _run("fdatasync.py", str(folder), str(seconds))
    result: dict[str, float] = json.loads(output)
    return result


def group_commit(database: Path, population: Population, group: int, seconds: float = 2) -> float:
    """Durable messages a second into a copy of a seeded database, in groups of what is in flight."""
    with tempfile.TemporaryDirectory(prefix="sendjay-commit-") as folder:
        copy, rooms = Path(folder, "copy.db"), Path(folder, "rooms.json")
        shutil.copy(database, copy)
        rooms.write_text(json.dumps([(room.room, room.people[0]) for room in population.rooms]))
        return float(_run("group_commit.py", str(copy), str(rooms), str(group), str(seconds)))


def _run(script: str, *arguments: str) -> str:
    command = [sys.executable, str(paths.YARDSTICKS / script), *arguments]
    pinned = cores.pin(cores.SERVER)
    return subprocess.run(command, check=True, capture_output=True, text=True, preexec_fn=pinned).stdout
