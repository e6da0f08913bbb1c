"""Builds the load generator and runs it against a port."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.runner import cores, paths
from bench.runner.dialects import Dialect
from bench.runner.seats import Seat

Result = dict[str, Any]
"""What the generator prints; see bench/load/fanout.c, openings.c and ask.c."""


class LoadError(RuntimeError):
    """The load could not be put on the server; the message says what came back."""


@dataclass(frozen=True)
class Target:
    """A server to put load on."""

    name: str
    port: int
    pids: list[int]
    dialect: Dialect
    other_ports: tuple[int, ...] = ()
    """Of further nodes: connections are dealt out to all of them in turn."""


def build() -> Path:
    """The generator, compiled when its sources are newer than it is."""
    program = paths.BUILD / "load"
    sources = sorted(paths.LOAD_SOURCES.glob("*.c"))
    newest = max(path.stat().st_mtime for path in paths.LOAD_SOURCES.iterdir())
    if shutil.which("gcc") is None:
        raise LoadError("The load generator is written in C: install gcc (apt-get install gcc libc6-dev).")
    if not program.exists() or program.stat().st_mtime < newest:
        paths.BUILD.mkdir(exist_ok=True)
        command = ["gcc", "-O2", "-Wall", "-Wextra", "-std=gnu11", "-o", program, *sources, "-lm"]
        subprocess.run(command, check=True)
    return program


@contextmanager
def started(
    scenario: str, target: Target, seats: list[Seat], **options: object
) -> Generator[subprocess.Popen[str]]:
    """The generator at work; it ends when its stdin closes or the scenario is over."""
    dialect = target.dialect
    questions = options.pop("questions", None)
    with tempfile.TemporaryDirectory(prefix="sendjay-load-") as folder:
        first, chairs = Path(folder, "first"), Path(folder, "seats")
        first.write_text("".join(f"{dialect.hello(seat)}\n" for seat in seats))
        says = questions if isinstance(questions, list) else [dialect.send(seat) for seat in seats]
        chairs.write_text(
            "".join(f"{seat.room_number}\t{text}\n" for seat, text in zip(seats, says, strict=True))
        )
        arguments = {
            "scenario": scenario,
            "port": ",".join(map(str, (target.port, *target.other_ports))),
            "path": dialect.path,
            "origin": f"http://127.0.0.1:{target.port}",
            "connections": len(seats),
            "first": first,
            "ready": dialect.ready,
            "seats": chairs,
            "core": cores.SERVER,
            "pids": ",".join(map(str, target.pids)),
            **dialect.marks,
            **{name.replace("_", "-"): value for name, value in options.items()},
        }
        command = [str(build()), *(f"--{name}={value}" for name, value in arguments.items())]
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=cores.pin(cores.LOAD),
        )
        try:
            yield process
        finally:
            if process.stdin:
                process.stdin.close()
            process.wait(timeout=30)


def line_of(process: subprocess.Popen[str], target: Target) -> Result:
    """The generator's next line. Raises LoadError when connections failed or the server refused."""
    line = process.stdout.readline() if process.stdout else ""
    if not line:
        raise LoadError(f"{target.name}: the load generator ended without a word")
    result: Result = json.loads(line)
    if result["lost"] or result.get("errors") or result["complaint"]:
        raise LoadError(f"{target.name}: {result['complaint'] or 'connections were lost'}")
    return result


def run(scenario: str, target: Target, seats: list[Seat], **options: object) -> Result:
    with started(scenario, target, seats, **options) as process:
        return line_of(process, target)
