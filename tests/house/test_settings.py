"""A setting that cannot be used is named in a sentence; nothing starts with it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.nursery import run_program

UNUSABLE = {
    "a port beyond all ports": {"SENDJAY_PORT": "99999"},
    "no readers": {"SENDJAY_READERS": "0"},
    "no rooms in memory": {"SENDJAY_ROOM_CACHE": "0"},
    "no time for hello": {"SENDJAY_HELLO_SECONDS": "0"},
    "a word for a number": {"SENDJAY_READERS": "many"},
    "a database of no known kind": {"SENDJAY_DATABASE_URL": "nothing://here"},
    "a folder that cannot be made": {"SENDJAY_DATA_DIR": "/proc/nowhere"},
    "a secret that can be guessed": {"SENDJAY_EMBED_SECRET": "portal"},
    "a certificate that is not there": {
        "SENDJAY_SSL_CERTFILE": "/nowhere.pem",
        "SENDJAY_SSL_KEYFILE": "/nowhere.pem",
    },
}


def run(folder: Path, settings: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "SENDJAY_PORT": "0", "SENDJAY_DATA_DIR": str(folder / "data")}
    return run_program(*words, env=environment | settings, cwd=folder)


@pytest.mark.parametrize("settings", UNUSABLE.values(), ids=UNUSABLE)
def test_a_server_that_cannot_start_says_why_in_one_line(tmp_path: Path, settings: dict[str, str]) -> None:
    ended = run(tmp_path, settings, "serve")
    assert ended.returncode in (1, 2)
    assert "Traceback" not in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1
    named = [part for name, value in settings.items() for part in (name[8:].lower(), value)]
    assert any(part in ended.stderr for part in named), ended.stderr


@pytest.mark.parametrize(
    "settings",
    [{"SENDJAY_DATA_DIR": "/proc/nowhere"}, {"SENDJAY_DATABASE_URL": "nothing://here"}],
    ids=["folder", "database"],
)
def test_so_does_the_command_line(tmp_path: Path, settings: dict[str, str]) -> None:
    ended = run(tmp_path, settings, "user", "list")
    assert ended.returncode in (1, 2)
    assert "Traceback" not in ended.stderr
    assert next(iter(settings.values())).removesuffix("here") in ended.stderr
