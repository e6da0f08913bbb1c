"""`sendjay serve`: run the messenger."""

from __future__ import annotations

import gc
import ssl
import sys
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.exc import DBAPIError

from sendjay.app import SOCKET_PATH, Messenger, create_app
from sendjay.control import NAME, ControlConnection, NotRunning
from sendjay.logs import configure_logs
from sendjay.realtime.farewell import Farewell
from sendjay.realtime.server import serve as run_server
from sendjay.settings import Settings, SettingsError, load_settings
from sendjay.storage.database import what_the_driver_says
from sendjay.storage.readiness import UnusableDatabase


def register(app: typer.Typer) -> None:
    app.command("serve")(serve)


def serve(
    config: Annotated[
        Path | None, typer.Option(help="Settings file; default ./sendjay.toml if it is there.")
    ] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 takes a free one.")] = None,
    data_dir: Annotated[str | None, typer.Option(help="Folder of the database and the files.")] = None,
    ssl_certfile: Annotated[
        str | None, typer.Option(help="Certificate chain, for TLS without a proxy.")
    ] = None,
    ssl_keyfile: Annotated[str | None, typer.Option(help="Its key.")] = None,
    plain_sockets: Annotated[
        bool, typer.Option(help="Leave WebSockets to plain ASGI, to compare or to work around.")
    ] = False,
) -> None:
    """Run the messenger with the settings of sendjay.toml and SENDJAY_*; options win over both."""
    try:
        settings = load_settings(
            config,
            host=host,
            port=port,
            data_dir=data_dir,
            ssl_certfile=ssl_certfile,
            ssl_keyfile=ssl_keyfile,
        )
    except SettingsError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    run(settings, fast=not plain_sockets)


def run(settings: Settings, *, fast: bool = True) -> None:
    """Serve until SIGTERM or SIGINT. Says on standard output where, once it is ready."""
    configure_logs(settings)
    tune_interpreter()
    scheme = "https" if settings.ssl_certfile else "http"
    shown = f"[{settings.host}]" if ":" in settings.host else settings.host

    address = f"{scheme}://{shown}:{settings.port}"

    def ready(port: int) -> None:
        typer.echo(f"Sendjay is ready at {scheme}://{shown}:{port}")
        sys.stdout.flush()

    try:
        if is_running(settings):
            typer.echo(f"A server is running in {settings.data_path} already.", err=True)
            raise typer.Exit(1)
        messenger = Messenger(settings)
        messenger.prepare()
        run_server(
            create_app(messenger),
            settings.host,
            settings.port,
            ready=ready,
            farewell=Farewell(messenger.leave, settings.drain_seconds, messenger.endpoint.say_goodbye),
            fast=fast,
            endpoint=messenger.socket,
            socket_path=SOCKET_PATH,
            max_message_bytes=settings.frame_bytes_max,
            trusted_proxies=settings.trusted_proxies,
            ssl_certfile=settings.ssl_certfile or None,
            ssl_keyfile=settings.ssl_keyfile or None,
        )
    except OSError as error:
        what = settings.ssl_certfile if isinstance(error, ssl.SSLError) else error.filename or address
        typer.echo(f"{what} cannot be used: {error.strerror}.", err=True)
        raise typer.Exit(1) from None
    except UnusableDatabase as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    except DBAPIError as error:
        typer.echo(f"The database cannot be used: {what_the_driver_says(error)}", err=True)
        raise typer.Exit(1) from None


def is_running(settings: Settings) -> bool:
    """Two servers on one data folder would not know of each other's changes."""
    try:
        ControlConnection(settings.data_path / NAME).close()
    except NotRunning:
        return False
    return True


def tune_interpreter() -> None:
    """Measured: the writer's thread hands over sooner, and collections no longer walk what never dies."""
    sys.setswitchinterval(0.0005)
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
