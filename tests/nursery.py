"""Starts `sendjay` without reading its code anew each time: a process that has imported it, and forks.

A suite starts the program hundreds of times, and most of what a start costs is importing. What is forked here
is a process of its own like any other: it has its own id, can be killed, and ends as the program ends.
"""

from __future__ import annotations

import array
import atexit
import gc
import importlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, BinaryIO

from sendjay.cli import build, main

PROGRAM = Path(sys.executable).with_name("sendjay")
REQUEST_BYTES = 65_536
STARTED_LATE = (
    "sendjay.app", "uvicorn.lifespan.on", "uvicorn.protocols.http.httptools_impl", "uvloop", "hiredis",
    "redis.asyncio", "sqlalchemy.dialects.sqlite.pysqlite", "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.dialects.mysql.pymysql", "encodings.idna", "sendjay.realtime.bus.redis",
)  # fmt: skip
"""What the program imports only while it starts."""

Standard = tuple[IO[bytes], IO[bytes], IO[bytes]]
"""Input, output and errors."""


class Forked:
    """As much of `subprocess.Popen` as tests of servers use."""

    def __init__(self, command: list[str], stderr: BinaryIO, cwd: Path, env: Mapping[str, str]) -> None:
        self.returncode: int | None = None
        self._nursery = _nursery()
        reads, writes = os.pipe()
        self.stdout = os.fdopen(reads, encoding="utf-8")
        with open(os.devnull, "rb") as nothing, os.fdopen(writes, "wb") as stdout:
            self.pid = self._nursery.fork(command, (nothing, stdout, stderr), cwd, env)
        self._ended = os.pidfd_open(self.pid)

    def poll(self) -> int | None:
        return self._look(0)

    def wait(self, timeout: float) -> int:
        code = self._look(timeout)
        if code is None:
            raise subprocess.TimeoutExpired("sendjay", timeout)
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def _look(self, seconds: float) -> int | None:
        if self.returncode is None and select.select([self._ended], [], [], seconds)[0]:
            self.returncode = self._nursery.code_of(self.pid)
            os.close(self._ended)
            self.stdout.close()
        return self.returncode


def run_program(
    *words: str | Path, env: Mapping[str, str], cwd: Path, typed: str = "", seconds: float = 60
) -> subprocess.CompletedProcess[str]:
    """One command of `sendjay` to its end; `typed` is its standard input."""
    command = [str(PROGRAM), *map(str, words)]
    with TemporaryFile() as stdin, TemporaryFile() as stdout, TemporaryFile() as stderr:
        stdin.write(typed.encode())
        stdin.seek(0)
        code = _nursery().run(command, (stdin, stdout, stderr), cwd, env, seconds)
        stdout.seek(0)
        stderr.seek(0)
        said, complained = stdout.read().decode(), stderr.read().decode()
    return subprocess.CompletedProcess(command, code, said, complained)


class _Nursery:
    """The tests' end of it. Asked by one thread at a time."""

    def __init__(self) -> None:
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._lock = threading.Lock()
        command = [sys.executable, "-m", "tests.nursery", str(theirs.fileno())]
        with theirs:
            self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()])

    def fork(self, command: list[str], standard: Standard, cwd: Path, env: Mapping[str, str]) -> int:
        asked = {"command": command, "cwd": str(cwd), "env": dict(env)}
        descriptors = array.array("i", [each.fileno() for each in standard]).tobytes()
        with self._lock:
            self._socket.sendmsg(
                [json.dumps(asked).encode()], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, descriptors)]
            )
            return self._answer()

    def run(
        self, command: list[str], standard: Standard, cwd: Path, env: Mapping[str, str], seconds: float
    ) -> int:
        pid = self.fork(command, standard, cwd, env)
        ended = os.pidfd_open(pid)
        try:
            if not select.select([ended], [], [], seconds)[0]:
                os.kill(pid, signal.SIGKILL)
                raise subprocess.TimeoutExpired(command, seconds)
        finally:
            code = self.code_of(pid)
            os.close(ended)
        return code

    def code_of(self, pid: int) -> int:
        with self._lock:
            self._socket.send(json.dumps({"ended": pid}).encode())
            return self._answer()

    def end(self) -> None:
        self._socket.close()
        self._process.wait(10)

    def _answer(self) -> int:
        return int(self._socket.recv(REQUEST_BYTES))


@cache
def _nursery() -> _Nursery:
    nursery = _Nursery()
    atexit.register(nursery.end)
    return nursery


# In the process that forks


def _serve(requests: socket.socket) -> None:
    """Until the tests have gone. Returns in a forked process, too, which then is the program."""
    while True:
        raw, descriptors, _, _ = socket.recv_fds(requests, REQUEST_BYTES, 3)
        if not raw:
            sys.exit(0)
        asked = json.loads(raw)
        if "ended" in asked:
            answer = os.waitstatus_to_exitcode(os.waitpid(asked["ended"], 0)[1])
        else:
            answer = os.fork()
            if answer == 0:
                requests.close()
                _become(asked, *descriptors)
                return
            for each in descriptors:
                os.close(each)
        requests.send(str(answer).encode())


def _become(asked: dict[str, object], *standard: int) -> None:
    for number, ours in enumerate(standard):
        os.dup2(ours, number)
        os.close(ours)
    os.chdir(str(asked["cwd"]))
    os.environ.clear()
    os.environ.update(asked["env"])  # type: ignore[call-overload]
    sys.argv = list(asked["command"])  # type: ignore[call-overload]
    time.tzset()


def _import_all() -> None:
    build()
    for name in STARTED_LATE:
        importlib.import_module(name)
    assert threading.active_count() == 1, "A thread would be missing after a fork."
    gc.collect()
    gc.freeze()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _import_all()
    _serve(socket.socket(fileno=int(sys.argv[1])))
    signal.signal(signal.SIGINT, signal.default_int_handler)
    main()
