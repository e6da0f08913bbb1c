"""`sendjay report`: what people have told the administrator of others."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any

import typer

from sendjay.cli.administration import ConfigOption, DataDirOption, administration

reports = typer.Typer(help="What people have reported of others.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.add_typer(reports, name="report")


@reports.command("list")
def list_reports(
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many, the newest first.")] = 20,
    before: Annotated[str, typer.Option(help="Only those before the report of this id.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    config: ConfigOption = None,
    data_dir: DataDirOption = None,
) -> None:
    """Reports with the last messages of the room, as they stood when it was reported."""
    with administration(config, data_dir) as ask:
        found: list[dict[str, Any]] = ask("report.list", {"before": before, "limit": limit})
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    if not found:
        typer.echo("Nothing has been reported.")
    for each in found:
        typer.echo(_told(each))


def _told(report: dict[str, Any]) -> str:
    item = report["item"]
    about = _plain(f", about {item['title']} ({item['kind']}/{item['id']})") if item else ""
    lines = [
        f"{report['id']}  {_when(report['at'])}  {report['reason']}{about}",
        f"  {report['reporter']} reports {report['reported']}",
    ]
    if report["text"]:
        lines.append("  " + _plain(report["text"]))
    lines += [_line(message) for message in report["messages"]]
    return "\n".join([*lines, ""])


def _line(message: dict[str, Any]) -> str:
    said = _plain(message.get("body", "")) or f"({message.get('kind', 'text')})"
    return f"    {_when(message['at'])}  {message['sender']}: {said}"


def _plain(text: str) -> str:
    """On one line, without what terminals obey: nothing that was typed can pass for a line of this list."""
    return "".join(each for each in " ".join(text.split()) if each.isprintable())


def _when(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000).astimezone().strftime("%Y-%m-%d %H:%M")
