"""`sendjay doctor` as somebody runs it."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

from typer.testing import CliRunner

from sendjay.cli import build
from tests.nursery import run_program


class Visit(NamedTuple):
    code: int
    status: str
    findings: list[dict[str, Any]]

    def says(self, level: str) -> str:
        """All findings of one level, with their remedies."""
        return "\n".join(
            f"{each['about']}: {each['says']} > {each.get('remedy', '')}"
            for each in self.findings
            if each["level"] == level
        )


def run(folder: Path, *words: str, **settings: object) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "SENDJAY_DATA_DIR": str(folder)}
    environment |= {f"SENDJAY_{name.upper()}": str(value) for name, value in settings.items()}
    return run_program(*words, env=environment, cwd=folder.parent)


def visit(folder: Path, **settings: object) -> Visit:
    """The whole command within this process: most of a command's time is its start."""
    environment = {"SENDJAY_DATA_DIR": str(folder)}
    environment |= {f"SENDJAY_{name.upper()}": str(value) for name, value in settings.items()}
    ended = CliRunner().invoke(build(), ["doctor", "--json"], env=environment)
    assert ended.stderr == ""
    told = json.loads(ended.stdout)
    return Visit(ended.exit_code, told["status"], told["findings"])
