"""`sendjay user`: accounts by the command line, the first administrator among them."""

from __future__ import annotations

import secrets
import sys
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.table import Table

from sendjay.cli.administration import ConfigOption, DataDirOption, administration

users = typer.Typer(help="Accounts: who may sign in.", no_args_is_help=True)

LoginArgument = Annotated[str, typer.Argument(help="What the person types to sign in.", show_default=False)]
StdinOption = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]
GenerateOption = Annotated[bool, typer.Option("--generate", help="Make a password and print it.")]


def register(app: typer.Typer) -> None:
    app.add_typer(users, name="user")


@users.command()
def add(
    login: LoginArgument,
    name: Annotated[str, typer.Option(help="The person's name; the login when left out.")] = "",
    kind: Annotated[Literal["user", "admin", "integration"], typer.Option(help="What they may do.")] = "user",
    org: Annotated[str, typer.Option(help="The code of their org.")] = "",
    password_stdin: StdinOption = False,
    generate: GenerateOption = False,
    config: ConfigOption = None,
    data_dir: DataDirOption = None,
) -> None:
    """Add an account. The first administrator: sendjay user add admin --kind admin"""
    with administration(config, data_dir) as ask:
        password = _password(password_stdin, generate)
        account = {"login": login, "name": name or login, "kind": kind, "org": org, "password": password}
        user_id = ask("user.add", account)
    typer.echo(f"Added {login} ({user_id}), {kind}.")
    if generate:
        typer.echo(f"Password: {password}")


@users.command()
def passwd(
    login: LoginArgument,
    password_stdin: StdinOption = False,
    generate: GenerateOption = False,
    config: ConfigOption = None,
    data_dir: DataDirOption = None,
) -> None:
    """Give somebody a new password. They are signed out everywhere."""
    with administration(config, data_dir) as ask:
        password = _password(password_stdin, generate)
        ask("user.passwd", {"login": login, "password": password})
    typer.echo(f"{login} has a new password and is signed out everywhere.")
    if generate:
        typer.echo(f"Password: {password}")


@users.command()
def disable(login: LoginArgument, config: ConfigOption = None, data_dir: DataDirOption = None) -> None:
    """Let somebody in no longer. They are signed out everywhere, at once."""
    with administration(config, data_dir) as ask:
        ask("user.disable", {"login": login, "disabled": True})
    typer.echo(f"{login} is disabled and signed out everywhere.")


@users.command()
def enable(login: LoginArgument, config: ConfigOption = None, data_dir: DataDirOption = None) -> None:
    """Let somebody in again."""
    with administration(config, data_dir) as ask:
        ask("user.disable", {"login": login, "disabled": False})
    typer.echo(f"{login} may sign in again.")


@users.command("list")
def list_users(config: ConfigOption = None, data_dir: DataDirOption = None) -> None:
    """All accounts; tab-separated when the output goes elsewhere than to a terminal."""
    with administration(config, data_dir) as ask:
        found: list[dict[str, Any]] = ask("user.list", {})
    rows = [
        (each["user_id"], each["login"], each["name"], each["org_name"], each["kind"], _state(each))
        for each in found
    ]
    console = Console()
    if not console.is_terminal:
        for row in rows:
            typer.echo("\t".join(row))
        return
    table = Table("Id", "Signs in as", "Name", "Org", "Kind", "State", box=None)
    for row in rows:
        table.add_row(*row)
    console.print(table)


def _state(account: dict[str, Any]) -> str:
    if account["disabled"]:
        return "disabled"
    return "active" if account["has_password"] else "no password"


def _password(from_stdin: bool, generate: bool) -> str:
    if from_stdin and generate:
        raise typer.BadParameter("Take one of --password-stdin and --generate.")
    if generate:
        return secrets.token_urlsafe(12)
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise typer.BadParameter("Without a terminal, take --password-stdin or --generate.")
    return typer.prompt("Password", hide_input=True, confirmation_prompt=True)
