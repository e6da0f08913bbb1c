"""Our own server, as it is run for real: `sendjay serve`, with a database of its own on this disk."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from bench.runner import cores, paths
from bench.runner.dialects import SENDJAY
from bench.runner.load import Target
from bench.runner.population import Population
from bench.runner.seats import Seat, seats_of
from bench.runner.seed import move_into, seed

START_SECONDS = 60
WATCHED = 16
"""Processes that the load generator can watch; see bench/load/options.h."""
UNLIMITED = "1000000"
"""The load comes from few connections at one address: the limits that stop abuse would stop the measuring."""


@dataclass(frozen=True)
class Beside:
    """A database server that works beside ours, with an empty database for it."""

    url: str
    pid: int


@dataclass(frozen=True)
class Running:
    target: Target
    seats: list[Seat]
    database: Path
    restart: Callable[[], None]
    """Ends the server as an administrator would and starts it again on the same port; returns when ready."""


@contextmanager
def running(
    population: Population, beside: Beside | None = None, prepare: Callable[[Path], None] | None = None
) -> Generator[Running]:
    """A seeded server on its core, ready; ended by its own pid. Its data is in SQLite, or `beside` it;
    `prepare` is given the database before.
    """
    with tempfile.TemporaryDirectory(prefix="sendjay-bench-", ignore_cleanup_errors=True) as folder:
        database = Path(folder, "sendjay.db")
        tokens = seed(database, population)
        if prepare is not None:
            prepare(database)
        if beside is not None:
            move_into(database, beside.url)
        url = beside.url if beside is not None else ""
        port = free_port()
        process = start(folder, port, url)
        pids: list[int] = []

        def note_processes() -> None:
            parents = [process.pid, *([beside.pid] if beside is not None else [])]
            pids[:] = [each for parent in parents for each in family(parent)][:WATCHED]

        def restart() -> None:
            nonlocal process
            end(process)
            process = start(folder, port, url)
            note_processes()

        try:
            note_processes()
            target = Target("sendjay", port, pids, SENDJAY)
            yield Running(target, seats_of(population, tokens), database, restart)
        finally:
            end(process)


def family(pid: int) -> list[int]:
    """A process and what it has started."""
    return [pid, *(child.pid for child in psutil.Process(pid).children(recursive=True))]


def start(folder: str, port: int, url: str, **settings: str) -> subprocess.Popen[bytes]:
    """`sendjay serve` on its core, ready; its data is at `url`, where there is one."""
    log = Path(folder, "server.log")
    with log.open("ab") as output:
        process = subprocess.Popen(
            [str(Path(sys.executable).with_name("sendjay")), "serve"],
            cwd=folder,
            env=_environment(folder, port, url)
            | {f"SENDJAY_{name.upper()}": each for name, each in settings.items()},
            stdout=output,
            stderr=output,
            preexec_fn=cores.pin(cores.SERVER),
        )
    try:
        _wait_until_ready(process, port, log)
    except BaseException:
        end(process)
        raise
    return process


def _environment(folder: str, port: int, url: str) -> dict[str, str]:
    return os.environ | {
        "SENDJAY_HOST": "127.0.0.1",
        "SENDJAY_PORT": str(port),
        "SENDJAY_DATA_DIR": folder,
        "SENDJAY_DATABASE_URL": url,
        "SENDJAY_LOG_LEVEL": "warning",
        "SENDJAY_DRAIN_SECONDS": "0",
        "SENDJAY_COMMANDS_PER_SECOND": UNLIMITED,
        "SENDJAY_COMMANDS_BURST": UNLIMITED,
        "SENDJAY_CONNECTIONS_PER_ADDRESS": UNLIMITED,
        "SENDJAY_CONNECTS_PER_SECOND": UNLIMITED,
        "SENDJAY_CONNECTS_PER_SECOND_OF_ADDRESS": UNLIMITED,
        "SENDJAY_ROOM_DELIVERIES_PER_SECOND": "1000000000",
        "PYTHONPATH": str(paths.ROOT / "src"),
    }


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    said = log.read_text(errors="replace")[-2000:]
    raise RuntimeError(f"The server did not get ready.\n{said}")


def end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
