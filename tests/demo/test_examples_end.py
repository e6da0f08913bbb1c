"""Ctrl+C in a terminal reaches the examples that the demo has started, too: they end without a word."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.mark.parametrize("name", ["portal", "market"])
def test_an_interrupt_ends_an_example_in_order(name: str, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("a secret of forty letters and some more of them")
    command = [sys.executable, "-u", str(EXAMPLES / name / f"{name}.py"), "--port", "0", "--with-parent"]
    command += ["--secret", str(tmp_path / "secret.txt")]
    if name == "market":
        command += ["--database", str(tmp_path / "market.sqlite")]
    assert interrupt(command) == (0, "")


def test_an_interrupt_ends_the_messenger_of_an_example_in_order(tmp_path: Path) -> None:
    """The rental site of the demo has a messenger of its own, started like the examples."""
    command = [sys.executable, "-P", "-m", "sendjay", "serve", "--with-parent", "--port", "0"]
    assert interrupt([*command, "--data-dir", str(tmp_path / "data")]) == (0, "")


def interrupt(command: list[str]) -> tuple[int, str]:
    """Its exit code, and what it said of troubles."""
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert "http" in process.stdout.readline()
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    # What it reads stays open: nobody else tells it to end.
    code = process.wait(15)
    assert process.stderr is not None
    return code, process.stderr.read()
