"""`sendjay bench`: this machine's figures. What takes them lies in bench/, beside the source."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

_CHECKOUT = Path(__file__).resolve().parents[3]


def register(app: typer.Typer) -> None:
    app.command("bench")(bench)


def bench(
    list_names: Annotated[bool, typer.Option("--list", help="Name the figures.")] = False,
    only: Annotated[str | None, typer.Option(help="Take one figure.", metavar="NAME")] = None,
    jitter: Annotated[
        float | None,
        typer.Option(help="Of the storm's waits: 1 as the web client, 0 all alike.", metavar="J"),
    ] = None,
) -> None:
    """Measure this machine: one JSON line a figure on stdout, progress and a table on stderr."""
    if not (_CHECKOUT / "bench" / "runner").is_dir():
        typer.echo(
            "The figures are taken from a checkout of the source: bench/ is not part of what is installed.",
            err=True,
        )
        raise typer.Exit(2)
    command = [sys.executable, "-m", "bench.runner"]
    command += ["--list"] if list_names else []
    command += ["--only", only] if only else []
    command += ["--jitter", str(jitter)] if jitter is not None else []
    raise typer.Exit(subprocess.run(command, cwd=_CHECKOUT, check=False).returncode)  # noqa: S603
