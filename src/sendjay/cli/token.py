"""`sendjay token`: what the servers of hosts call with."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from sendjay.cli.administration import ConfigOption, DataDirOption, administration

tokens = typer.Typer(help="Tokens with which other servers register items and report deals.",
                     no_args_is_help=True)  # fmt: skip


def register(app: typer.Typer) -> None:
    app.add_typer(tokens, name="token")


@tokens.command()
def add(
    name: Annotated[str, typer.Argument(help="Whose it is, such as market.", show_default=False)],
    scope: Annotated[
        list[str], typer.Option(help="items, items:KIND, deals or deals:STATE; several by saying it again.")
    ],
    config: ConfigOption = None,
    data_dir: DataDirOption = None,
) -> None:
    """Make a token and print it, this once."""
    with administration(config, data_dir) as ask:
        typer.echo(ask("token.add", {"name": name, "scopes": scope}))


@tokens.command()
def end(
    token_id: Annotated[str, typer.Argument(help="As `sendjay token list` shows it.", show_default=False)],
    config: ConfigOption = None,
    data_dir: DataDirOption = None,
) -> None:
    """Have a token count no more, at once."""
    with administration(config, data_dir) as ask:
        ask("token.end", {"id": token_id})
    typer.echo(f"{token_id} counts no more.")


@tokens.command("list")
def list_tokens(config: ConfigOption = None, data_dir: DataDirOption = None) -> None:
    """All tokens, tab-separated: id, name, scopes, state."""
    with administration(config, data_dir) as ask:
        found: list[dict[str, Any]] = ask("token.list", {})
    for each in found:
        state = "ended" if each["ended"] else "active"
        typer.echo("\t".join((each["id"], each["name"], ",".join(each["scopes"]), state)))
