"""`sendjay doctor`: one page on whether all is as it should be."""

from __future__ import annotations

from itertools import groupby
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from sendjay.cli.administration import ConfigOption, DataDirOption
from sendjay.doctor.finding import Finding
from sendjay.settings import SettingsError, load_settings

_MARKS = {"ok": ("✓", "green"), "warning": ("!", "yellow"), "problem": ("✗", "red")}


def register(app: typer.Typer) -> None:
    app.command("doctor")(doctor)


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="For programs: {status, findings}.")] = False,
    config: ConfigOption = None,
    data_dir: DataDirOption = None,
) -> None:
    """Look the installation over: settings, folder, database, network. Ends with 1 where there is a problem.

    Give it the server's settings, on the server's machine, as the server's account. It changes nothing, and
    may run beside the server.
    """
    # Only here: all that it looks at would be loaded by every server as well.
    from sendjay.doctor.examination import examine

    try:
        findings = list(examine(load_settings(config, data_dir=data_dir)))
    except SettingsError as error:
        findings = [Finding("problem", "Settings", str(error), "Correct it: nothing starts with it")]
    if as_json:
        status = next((each for each in ("problem", "warning") if _count(findings, each)), "ok")
        typer.echo(msgspec.json.encode({"status": status, "findings": findings}))
    else:
        _print(findings)
    raise typer.Exit(1 if _count(findings, "problem") else 0)


def _print(findings: list[Finding]) -> None:
    console = Console(highlight=False)
    for about, part in groupby(findings, key=lambda finding: finding.about):
        console.print(Text(about, "bold"))
        for finding in part:
            mark, colour = _MARKS[finding.level]
            line = Text(f"{mark} ", colour) + Text(finding.says, colour if finding.level != "ok" else "")
            console.print(Padding(line, (0, 0, 0, 1), expand=False))
            if finding.remedy:
                console.print(Padding(Text(f"→ {finding.remedy}."), (0, 0, 0, 3), expand=False))
    problems, warnings = _count(findings, "problem"), _count(findings, "warning")
    console.print(f"\n{_so_many(problems, 'problem')}, {_so_many(warnings, 'warning')}.")


def _count(findings: list[Finding], level: str) -> int:
    return sum(finding.level == level for finding in findings)


def _so_many(number: int, what: str) -> str:
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"
