"""`sendjay worker`: one of several, as `sendjay serve --workers` starts it. Not for people."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from sendjay.app import Messenger
from sendjay.cli.node import make_node, said, tune_interpreter
from sendjay.health import own_figures
from sendjay.logs import configure_logs
from sendjay.settings import SettingsError, load_settings
from sendjay.workers.lifeline import Lifeline


def register(app: typer.Typer) -> None:
    app.command("worker", hidden=True)(worker)


def worker(
    listener: Annotated[int, typer.Option(help="The socket that people come in by, as a descriptor.")],
    control: Annotated[int, typer.Option(help="The command line's.")],
    lifeline: Annotated[int, typer.Option(help="The one to the supervisor.")],
    number: Annotated[int, typer.Option(help="Which of the workers this is.")],
    config: Annotated[Path | None, typer.Option(help="As of `sendjay serve`.")] = None,
    overrides: Annotated[str, typer.Option(help="Settings from its command line, as JSON.")] = "{}",
    plain_sockets: Annotated[bool, typer.Option(help="As of `sendjay serve`.")] = False,
) -> None:
    """One worker of `sendjay serve --workers`; that starts and stops it."""
    try:
        settings = load_settings(config, **msgspec.json.decode(overrides))
    except SettingsError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    configure_logs(settings, number)
    tune_interpreter()
    with said(settings):
        messenger = Messenger(settings, socket.socket(fileno=control))
        line = Lifeline(socket.socket(fileno=lifeline), own_figures)
        messenger.health.when_figures_asked(line.figures)

        def ready(_port: int) -> None:
            line.begin(server)

        server = make_node(
            messenger,
            ready=ready,
            fast=not plain_sockets,
            listeners=[socket.socket(fileno=listener)],
        )
        server.run()
