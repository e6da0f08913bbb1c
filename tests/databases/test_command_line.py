"""The command line works with every database, where no server runs in its data folder."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.databases.choice import KINDS, chosen_database, fresh_url
from tests.nursery import run_program

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(params=KINDS)
def run(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Run]:
    with chosen_database(request.param):
        environment = {
            "PATH": os.environ["PATH"],
            "SENDJAY_DATA_DIR": str(tmp_path / "data"),
            "SENDJAY_DATABASE_URL": fresh_url(),
        }

        def run(*words: str) -> subprocess.CompletedProcess[str]:
            return run_program(*words, env=environment, cwd=tmp_path)

        yield run


def test_accounts_and_people_are_kept_in_it(run: Run, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text("id,name,org,job,tel,nickname\nminji.kim,김민지,,과장,010-1234-5678,🙂\n")
    assert run("user", "add", "admin", "--kind", "admin", "--generate").returncode == 0
    assert "1 added" in run("directory", "import", str(people)).stdout
    assert run("user", "disable", "minji.kim").returncode == 0
    listed = [line.split("\t") for line in run("user", "list").stdout.splitlines()]
    assert [(each[0], each[2], each[4], each[5]) for each in listed] == [
        ("admin", "admin", "admin", "active"),
        ("minji.kim", "김민지", "user", "disabled"),
    ]
    examined = run("doctor")
    assert examined.returncode == 0, examined.stdout
