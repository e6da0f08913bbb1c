"""Makes and runs one node, alone or as one of several workers."""

from __future__ import annotations

import gc
import ssl
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

import typer
from sqlalchemy.exc import DBAPIError

from sendjay.app import SOCKET_PATH, Messenger, create_app
from sendjay.realtime.farewell import Farewell
from sendjay.realtime.server import MessengerServer, make_server
from sendjay.settings import Settings
from sendjay.storage.database import what_the_driver_says
from sendjay.storage.readiness import UnusableDatabase


def make_node(
    messenger: Messenger, *, ready: Callable[[int], None], fast: bool, **options: Any
) -> MessengerServer:
    """A server, bound, with its database prepared; `options` as in `make_server`. Raises what `said` says."""
    settings = messenger.settings
    messenger.prepare()
    return make_server(
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
        **options,
    )


def address_of(settings: Settings, port: int) -> str:
    """As people write it."""
    scheme = "https" if settings.ssl_certfile else "http"
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"{scheme}://{host}:{port}"


def say_ready(settings: Settings, port: int) -> None:
    typer.echo(f"Sendjay is ready at {address_of(settings, port)}")
    sys.stdout.flush()


@contextmanager
def said(settings: Settings) -> Generator[None]:
    """What keeps a node from starting is said in a sentence, and ends the program with 1."""
    try:
        yield
    except OSError as error:
        address = address_of(settings, settings.port)
        what = settings.ssl_certfile if isinstance(error, ssl.SSLError) else error.filename or address
        typer.echo(f"{what} cannot be used: {error.strerror}.", err=True)
        raise typer.Exit(1) from None
    except UnusableDatabase as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    except DBAPIError as error:
        typer.echo(f"The database cannot be used: {what_the_driver_says(error)}", err=True)
        raise typer.Exit(1) from None


def tune_interpreter() -> None:
    """Measured: the writer's thread hands over sooner, and collections no longer walk what never dies."""
    sys.setswitchinterval(0.0005)
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
