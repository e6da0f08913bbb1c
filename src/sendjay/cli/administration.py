"""Carries a change to the running server, so that it acts at once; where none runs, to the database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy.exc import DBAPIError

from sendjay.app import Messenger
from sendjay.control import NAME, Arguments, ControlConnection, NotRunning
from sendjay.protocol.errors import Refused
from sendjay.settings import Settings, SettingsError, load_settings
from sendjay.storage.database import what_the_driver_says
from sendjay.storage.readiness import UnusableDatabase

Ask = Callable[[str, Arguments], Any]

ConfigOption = Annotated[Path | None, typer.Option("--config", help="Settings file; default ./sendjay.toml.")]
DataDirOption = Annotated[str | None, typer.Option("--data-dir", help="Folder of the database.")]


def settings_or_exit(config: Path | None, data_dir: str | None) -> Settings:
    """The settings; where they cannot be used, the program ends with 2 and says why."""
    try:
        return load_settings(config, data_dir=data_dir)
    except SettingsError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None


@contextmanager
def administration(config: Path | None, data_dir: str | None) -> Generator[Ask]:
    """Gives `ask(what, arguments)`. A refusal is said in its own words and ends the program with 1."""
    settings = settings_or_exit(config, data_dir)
    try:
        with _through_server(settings) as ask:
            yield ask
    except Refused as refused:
        typer.echo(refused.message, err=True)
        raise typer.Exit(1) from None
    except UnusableDatabase as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    except DBAPIError as error:
        typer.echo(f"The database cannot be used: {what_the_driver_says(error)}", err=True)
        raise typer.Exit(1) from None
    except OSError as error:
        typer.echo(f"{error.filename or settings.data_path}: {error.strerror or error}.", err=True)
        raise typer.Exit(1) from None


@contextmanager
def _through_server(settings: Settings) -> Generator[Ask]:
    try:
        connection = ControlConnection(settings.data_path / NAME)
    except NotRunning:
        with _directly(settings) as ask:
            yield ask
        return
    try:
        yield connection.call
    finally:
        connection.close()


@contextmanager
def _directly(settings: Settings) -> Generator[Ask]:
    messenger = Messenger(settings)
    writing = messenger.writing()
    with asyncio.Runner() as runner:
        runner.run(writing.__aenter__())
        try:
            yield lambda do, arguments: runner.run(_call(messenger, do, arguments))
        finally:
            runner.run(writing.__aexit__(None, None, None))


async def _call(messenger: Messenger, do: str, arguments: Arguments) -> Any:
    return await messenger.control_handlers[do](arguments)
