"""`sendjay db`: takes an installation from one database to another."""

from __future__ import annotations

import sys
from typing import Annotated, NoReturn

import sqlalchemy as sa
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy.exc import DBAPIError

from sendjay.cli.administration import ConfigOption, DataDirOption, settings_or_exit
from sendjay.settings import SettingsError, check_database_url
from sendjay.storage.database import Database, what_the_driver_says
from sendjay.storage.moving.move import Moved, move
from sendjay.storage.moving.refusal import MoveRefused
from sendjay.storage.urls import parse_url

databases = typer.Typer(help="The database that an installation lives in.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.add_typer(databases, name="db")


@databases.command("move")
def move_installation(
    to: Annotated[
        str, typer.Option(help="URL of the empty database to move into; - reads it from standard input.")
    ],
    from_: Annotated[
        str | None, typer.Option("--from", help="URL of the one to move from; default: that of the settings.")
    ] = None,
    config: ConfigOption = None,
    data_dir: DataDirOption = None,
) -> None:
    """Copy everything into another, empty database and compare it. The old one stays as it is.

    Stop the server first. A move that breaks off is begun again by the same command.
    """
    try:
        source = from_ or settings_or_exit(config, data_dir).database
        target = sys.stdin.readline().strip() if to == "-" else to
        check_database_url(source)
        check_database_url(target)
    except SettingsError as error:
        _end(str(error), 2)
    shown = sa.make_url(target).render_as_string(hide_password=True)
    try:
        moved = _move_with_bar(source, target)
    except MoveRefused as refused:
        _end(str(refused), 1)
    except DBAPIError as error:
        _end(f"A database does not do what is asked: {what_the_driver_says(error)}", 1)
    except KeyboardInterrupt:
        _end("Stopped. The same command begins anew; no server starts on what is there until then.", 130)
    typer.echo(
        f"Moved {moved.rows:,} rows in {moved.tables} tables to {shown}, compared row by row.\n"
        "Now set database_url to it wherever a server runs, and start. The old database is as it was:\n"
        "keep it as a backup, and start no server on it any more."
    )


def _move_with_bar(source: str, target: str) -> Moved:
    database = Database(target)
    console = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    try:
        with bar:
            task = bar.add_task("")

            def show(doing: str, table: str, done: int, total: int) -> None:
                bar.update(task, description=f"{doing} {table}", completed=done, total=total)

            return move(parse_url(source), database, show)
    finally:
        database.close()


def _end(why: str, code: int) -> NoReturn:
    typer.echo(why, err=True)
    raise typer.Exit(code)
