"""`sendjay directory`: orgs and people from files, and a look at them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich.progress import track

from sendjay.cli.administration import Ask, ConfigOption, DataDirOption, administration
from sendjay.directory.files import read
from sendjay.protocol.errors import Refused

directory = typer.Typer(help="Orgs and people.", no_args_is_help=True)

USERS_AT_ONCE = 200
"""A small part at a time: people go on talking while an import runs."""


def register(app: typer.Typer) -> None:
    app.add_typer(directory, name="directory")


@directory.command("import")
def import_file(
    file: Annotated[
        Path, typer.Argument(help="CSV (orgs or people) or JSON (both).", exists=True, dir_okay=False)
    ],
    config: ConfigOption = None,
    data_dir: DataDirOption = None,
) -> None:
    """Add or change orgs and people. Nobody is taken away; what the file leaves out stays as it is.

    CSV of orgs: code,name,position,depth,in_use. CSV of people: id,name,org,job,tel,nickname,... JSON:
    {"orgs": [...], "users": [...]}. The whole file is checked before anything is written.
    """
    try:
        found = read(file.read_bytes(), is_json=file.suffix.lower() == ".json")
    except Refused as refused:
        typer.echo(f"{file}: {refused.message}", err=True)
        raise typer.Exit(1) from None
    with administration(config, data_dir) as ask:
        if found.orgs:
            written = ask("directory.orgs", {"orgs": msgspec.to_builtins(found.orgs)})
            typer.echo(_summary("Orgs", [written]))
        if found.users:
            typer.echo(_summary("People", _import_users(ask, msgspec.to_builtins(found.users))))


@directory.command()
def show(config: ConfigOption = None, data_dir: DataDirOption = None) -> None:
    """The org tree, with the number of people directly in each."""
    with administration(config, data_dir) as ask:
        overview = ask("directory.overview", {})
    people: dict[str, int] = overview["people"]
    for org in overview["orgs"]:
        typer.echo(f"{'  ' * org['depth']}{org['name']} [{org['code']}] {people.pop(org['code'], 0)}")
    elsewhere = sum(people.values())
    if elsewhere:
        typer.echo(f"Without an org in use: {elsewhere}")


def _import_users(ask: Ask, users: list[dict[str, Any]]) -> list[dict[str, int]]:
    starts = range(0, len(users), USERS_AT_ONCE)
    return [
        ask("directory.users", {"users": users[start : start + USERS_AT_ONCE]})
        for start in track(starts, description="People", disable=len(users) <= USERS_AT_ONCE, transient=True)
    ]


def _summary(what: str, parts: list[dict[str, int]]) -> str:
    added, changed, unchanged = (
        sum(part[name] for part in parts) for name in ("added", "changed", "unchanged")
    )
    return f"{what}: {added} added, {changed} changed, {unchanged} unchanged."
