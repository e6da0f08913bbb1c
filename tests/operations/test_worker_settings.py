"""Several workers without what they need to know of each other are refused before anything is opened."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.nursery import run_program


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "MariaDB or PostgreSQL in database_url"),
        ({"SENDJAY_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing"}, "name one in redis_url"),
    ],
    ids=["SQLite", "no Redis"],
)
def test_several_workers_are_refused_with_a_sentence(
    tmp_path: Path, settings: dict[str, str], said: str
) -> None:
    environment = {"PATH": os.environ["PATH"], "SENDJAY_DATA_DIR": str(tmp_path / "data"), **settings}
    done = run_program("serve", "--workers", "2", "--port", "0", env=environment, cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "data").exists()
