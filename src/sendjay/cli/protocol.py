"""`sendjay protocol`: writes what is made from the wire contract, or says whether it is up to date."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sendjay.protocol.generate import generate

_CHECKOUT = Path(__file__).resolve().parents[3]


def register(app: typer.Typer) -> None:
    app.command("protocol")(protocol)


def protocol(
    check: Annotated[bool, typer.Option("--check", help="Write nothing; fail if a file is stale.")] = False,
) -> None:
    """Write the TypeScript types, JSON Schema, AsyncAPI and docs/protocol.md from the wire contract."""
    if not (_CHECKOUT / "src" / "sendjay").is_dir():
        typer.echo("These files belong to a checkout of the source, and this is not one.", err=True)
        raise typer.Exit(2)
    stale = {path: text for path, text in generate().items() if _text(_CHECKOUT / path) != text}
    if check:
        for path in stale:
            typer.echo(f"{path} is stale: run `sendjay protocol` and commit what it writes.", err=True)
        raise typer.Exit(1 if stale else 0)
    for path, text in stale.items():
        (_CHECKOUT / path).parent.mkdir(parents=True, exist_ok=True)
        (_CHECKOUT / path).write_text(text, encoding="utf-8")
        typer.echo(f"Wrote {path}")


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None
