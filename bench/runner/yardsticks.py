"""The servers that ours is held against, each started on the server's core when its turn comes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from bench.runner import cores, paths
from bench.runner.dialects import BARE, PLAIN, SOCKETIO, Dialect
from bench.runner.load import LoadError, Target
from bench.runner.say import say

Reading = TypeVar("Reading")


@dataclass(frozen=True)
class Yardstick:
    name: str
    command: Callable[[], list[str]]
    dialect: Dialect
    extra: list[str] = field(default_factory=list)

    @contextmanager
    def running(self) -> Generator[Target]:
        process = subprocess.Popen(
            [*self.command(), *self.extra],
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=cores.pin(cores.SERVER),
            env={**os.environ, "NODE_ENV": "production"},
        )
        try:
            line = process.stdout.readline() if process.stdout else ""
            if not line.strip().isdigit():
                raise RuntimeError(f"The yardstick {self.name} did not start.")
            yield Target(self.name, int(line), [process.pid], self.dialect)
        finally:
            process.terminate()
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _python(script: str) -> Callable[[], list[str]]:
    return lambda: [sys.executable, str(paths.YARDSTICKS / script)]


def _node(script: str) -> Callable[[], list[str]]:
    def command() -> list[str]:
        if not (paths.YARDSTICKS / "node_modules" / "ws").exists():
            say("installing the yardsticks' Node packages")
            install = ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"]
            subprocess.run(install, cwd=paths.YARDSTICKS, check=True, stdout=sys.stderr)
        return ["node", str(paths.YARDSTICKS / script)]

    return command


def measured(yardstick: Yardstick, measure: Callable[[Target], Reading]) -> Reading | None:
    """What `measure` reads from it; None, with a word about it, where it cannot be had (no Node, say)."""
    try:
        with yardstick.running() as target:
            return measure(target)
    except (LoadError, OSError, RuntimeError, subprocess.SubprocessError) as error:
        say(f"{yardstick.name} is left out: {error}")
        return None


def bare(event_bytes: float = 245, answer_bytes: float = 0) -> Yardstick:
    """CPython's limit, writing frames of the size that our own server wrote."""
    extra = [f"--event-bytes={round(event_bytes)}", f"--answer-bytes={round(answer_bytes)}"]
    return Yardstick("bare_asyncio", _python("bare.py"), BARE, extra)


NODE_WS = Yardstick("node_ws", _node("ws.mjs"), PLAIN)
NODE_SOCKETIO = Yardstick("node_socketio", _node("socketio_node.mjs"), SOCKETIO)
PYTHON_SOCKETIO = Yardstick("python_socketio", _python("socketio_python.py"), SOCKETIO)
LIBRARIES = [NODE_WS, NODE_SOCKETIO, PYTHON_SOCKETIO]
