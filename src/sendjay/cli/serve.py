"""`sendjay serve`: run the messenger."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from sendjay.app import Messenger
from sendjay.cli.node import make_node, said, say_ready, tune_interpreter
from sendjay.control import NAME, ControlConnection, NotRunning, control_listener
from sendjay.logs import configure_logs
from sendjay.settings import Settings, SettingsError, load_settings
from sendjay.workers.slots import make_slots
from sendjay.workers.supervisor import Supervisor


def register(app: typer.Typer) -> None:
    app.command("serve")(serve)


def serve(
    config: Annotated[
        Path | None, typer.Option(help="Settings file; default ./sendjay.toml if it is there.")
    ] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 takes a free one.")] = None,
    workers: Annotated[
        int | None, typer.Option(help="Processes that serve; several need a shared database and Redis.")
    ] = None,
    data_dir: Annotated[str | None, typer.Option(help="Folder of the database and the files.")] = None,
    ssl_certfile: Annotated[
        str | None, typer.Option(help="Certificate chain, for TLS without a proxy.")
    ] = None,
    ssl_keyfile: Annotated[str | None, typer.Option(help="Its key.")] = None,
    plain_sockets: Annotated[
        bool, typer.Option(help="Leave WebSockets to plain ASGI, to compare or to work around.")
    ] = False,
    with_parent: Annotated[
        bool, typer.Option(help="Stop when standard input ends: with whoever started it, however they end.")
    ] = False,
) -> None:
    """Run the messenger with the settings of sendjay.toml and SENDJAY_*; options win over both."""
    given: dict[str, Any] = {
        "host": host,
        "port": port,
        "workers": workers,
        "data_dir": data_dir,
        "ssl_certfile": ssl_certfile,
        "ssl_keyfile": ssl_keyfile,
    }
    try:
        settings = load_settings(config, **given)
    except SettingsError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    if with_parent:
        threading.Thread(target=_end_with_parent, daemon=True).start()
    if settings.workers == 1:
        run(settings, fast=not plain_sockets)
        return
    options = ["--overrides", msgspec.json.encode(given).decode()]
    options += ["--config", str(config)] if config else []
    options += ["--plain-sockets"] if plain_sockets else []
    raise typer.Exit(run_workers(settings, options))


def _end_with_parent() -> None:
    # Not by `sys.stdin`, whose lock a thread that waits would hold when the interpreter ends.
    while os.read(0, 4_096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def run(settings: Settings, *, fast: bool = True) -> None:
    """Serve until SIGTERM or SIGINT, in this process. Says on standard output where, once it is ready."""
    configure_logs(settings)
    tune_interpreter()
    with said(settings):
        _refuse_second(settings)
        make_node(Messenger(settings), ready=lambda port: say_ready(settings, port), fast=fast).run()


def run_workers(settings: Settings, options: list[str]) -> int:
    """The same with several processes; `options` are for each of them. The exit code."""
    configure_logs(settings)
    with said(settings):
        _refuse_second(settings)
        settings.data_path.mkdir(mode=0o700, parents=True, exist_ok=True)
        slots = make_slots(settings.workers, settings.host, settings.port)
        # Not from the folder it is started in: what lies there is nobody's module.
        command = [sys.executable, "-P", "-m", "sendjay", "worker", *options]
        with control_listener(settings.data_path) as control:
            supervisor = Supervisor(command, slots, control, settings.drain_seconds)
            return asyncio.run(supervisor.run(lambda port: say_ready(settings, port)))


def _refuse_second(settings: Settings) -> None:
    """Two servers on one data folder would not know of each other's changes."""
    try:
        ControlConnection(settings.data_path / NAME).close()
    except NotRunning:
        return
    typer.echo(f"A server is running in {settings.data_path} already.", err=True)
    raise typer.Exit(1)
