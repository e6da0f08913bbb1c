"""`sendjay backup`: a copy of the database while the server goes on."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import sqlalchemy as sa
import typer

from sendjay.cli.administration import ConfigOption, DataDirOption, settings_or_exit
from sendjay.storage.backup import NoBackup, back_up
from sendjay.storage.urls import parse_url

_MARIADB = (
    "mariadb-dump --single-transaction --quick --hex-blob --default-character-set=utf8mb4 {where} > {copy}"
)
_OTHER_TOOLS = {
    "postgresql": "pg_dump --format=custom --file={copy} {where}",
    "mysql": _MARIADB,
    "mariadb": _MARIADB,
}


def register(app: typer.Typer) -> None:
    app.command("backup")(backup)


def backup(
    to: Annotated[Path, typer.Argument(help="The file to write, or a folder to put one into.")],
    config: ConfigOption = None,
    data_dir: DataDirOption = None,
) -> None:
    """Copy the database of an installation on SQLite, whole and checked, while the server goes on.

    MariaDB, MySQL and PostgreSQL have tools of their own: it says which.
    """
    settings = settings_or_exit(config, data_dir)
    url = parse_url(settings.database)
    copy = to / f"sendjay-{datetime.now().astimezone():%Y%m%d-%H%M%S}.db" if to.is_dir() else to
    if url.get_backend_name() != "sqlite":
        tool = _OTHER_TOOLS[url.get_backend_name()].format(where=_where(url), copy=copy)
        typer.echo(f"This database is copied by its own tool, also while servers run:\n  {tool}", err=True)
        raise typer.Exit(1)
    try:
        back_up(Path(url.database or ""), copy)
    except NoBackup as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    except OSError as error:
        typer.echo(f"{error.filename or copy}: {error.strerror}.", err=True)
        raise typer.Exit(1) from None
    files = settings.files_s3_bucket or settings.files_path
    typer.echo(f"{copy}, {copy.stat().st_size:,} bytes. Keep it as safe as the server: it signs people in.")
    # In this order: what is deleted in between had expired, what was added would otherwise be missing.
    typer.echo(f"The files that people sent are not in it. Copy {files} as well, after it.")


def _where(url: sa.URL) -> str:
    options = (
        ("--host", url.host),
        ("--port", url.port),
        ("--username" if url.get_backend_name() == "postgresql" else "--user", url.username),
    )
    return " ".join([*(f"{name}={value}" for name, value in options if value), str(url.database)])
