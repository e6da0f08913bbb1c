"""The command line: one file per command."""

from __future__ import annotations

import importlib

import typer

COMMANDS = (
    "serve",
    "worker",
    "demo",
    "user",
    "token",
    "report",
    "directory",
    "backup",
    "db",
    "doctor",
    "protocol",
    "bench",
)
"""Each is a module here with `register(app)`."""


def build() -> typer.Typer:
    app = typer.Typer(
        name="sendjay",
        help="The messenger that your company runs by itself.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    for name in COMMANDS:
        importlib.import_module(f"sendjay.cli.{name}").register(app)
    return app


def main() -> None:
    """The program `sendjay`."""
    build()()
