"""`sendjay demo`: a made-up company to try the messenger on."""

from __future__ import annotations

import asyncio
import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich import box
from rich.console import Console
from rich.table import Table

from sendjay.app import Messenger
from sendjay.cli.serve import run
from sendjay.demo.build import Builder
from sendjay.demo.company import PASSWORD
from sendjay.demo.market import DemoMarket
from sendjay.demo.place import DemoPlace, NotADemo
from sendjay.demo.portal import DemoPortal
from sendjay.settings import Settings

ACCOUNTS = (
    ("minji.kim", "김민지 과장, 해외영업팀", "the fullest list of rooms: begin here"),
    ("doyun.choi", "최도윤 팀장, 해외영업팀", "her team leader, on a business trip"),
    ("seoyeon.lee", "이서연 팀장, 품질보증팀", "a colleague in another division"),
    ("admin", "관리자", "the administrator"),
)


def register(app: typer.Typer) -> None:
    app.command("demo")(demo)


def demo(
    data_dir: Annotated[Path, typer.Option(help="The demo's own folder, made when it is not there.")] = Path(
        "demo-data"
    ),
    host: Annotated[str, typer.Option(envvar="SENDJAY_HOST", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(envvar="SENDJAY_PORT", help="Port to listen on; 0 takes a free one.")
    ] = 8080,
    portal_port: Annotated[
        int,
        typer.Option(envvar="SENDJAY_PORTAL_PORT", help="Port of the example portal; 0 takes a free one."),
    ] = 8090,
    market_port: Annotated[
        int,
        typer.Option(envvar="SENDJAY_MARKET_PORT", help="Port of the example market; 0 takes a free one."),
    ] = 8091,
) -> None:
    """Start a made-up company: people, rooms, weeks of talk. The first start makes it, later ones keep it."""
    console = Console(highlight=False)
    # Only what is said here counts: a production database in the environment must never be touched.
    settings = Settings(
        name="Sendjay Demo",
        data_dir=str(data_dir),
        host=host,
        port=port,
        log_level="warning",
        drain_seconds=0,
    )
    place = DemoPlace(settings.data_path)
    try:
        settings = msgspec.structs.replace(settings, port=_free_port(settings))
        if place.prepare():
            asyncio.run(_make(settings, console))
            place.finish()
    except (NotADemo, PortTaken) as refused:
        console.print(str(refused), style="red")
        raise typer.Exit(2) from None
    except KeyboardInterrupt:
        console.print("Stopped. The next start begins again.")
        raise typer.Exit(130) from None
    portal = _make_portal(portal_port, console)
    market = _make_market(market_port, settings, console)
    _show_accounts(console)
    if portal is not None:
        console.print(f"[bold]{portal.origin}[/bold] is a portal with the messenger in it.")
    if market is not None:
        console.print(f"[bold]{market.origin}[/bold] is a rental site with a chat button under each post.")
        market.start()
    console.print()
    try:
        if portal is None:
            run(settings)
        else:
            _run_with(portal, settings)
    finally:
        if market is not None:
            market.stop()


class PortTaken(Exception):
    """Somebody else listens there."""


def _free_port(settings: Settings) -> int:
    """Before the company is made: who has waited for it should not be told then."""
    try:
        return _probe(settings.host, settings.port)
    except OSError as error:
        raise PortTaken(
            f"{settings.host}, port {settings.port} cannot be used: {error.strerror}. "
            f"Take another one: SENDJAY_PORT={settings.port % 65_535 + 1} make demo"
        ) from None


def _probe(host: str, port: int) -> int:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))
        return int(probe.getsockname()[1])


def _make_portal(port: int, console: Console) -> DemoPortal | None:
    """None where the examples are not at hand, or its port is taken: the messenger runs all the same."""
    if not DemoPortal.is_there():
        return None
    try:
        return DemoPortal(_probe("127.0.0.1", port))
    except OSError as error:
        console.print(f"The example portal is left out: port {port} cannot be used ({error.strerror}).")
        return None


def _make_market(port: int, settings: Settings, console: Console) -> DemoMarket | None:
    """The same of the market, which has a messenger of its own at any free port."""
    if not DemoMarket.is_there():
        return None
    try:
        own = _probe("127.0.0.1", 0)
        market = DemoMarket(_probe("127.0.0.1", port), own, settings.data_path)
    except OSError as error:
        console.print(f"The example market is left out: port {port} cannot be used ({error.strerror}).")
        return None
    market.prepare()
    return market


def _run_with(portal: DemoPortal, settings: Settings) -> None:
    secret = portal.secret(settings.data_path)
    # What listens everywhere is reached here as well.
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104 - compared, not bound
    portal.start(f"http://{f'[{host}]' if ':' in host else host}:{settings.port}", settings.data_path)
    try:
        run(msgspec.structs.replace(settings, embed_origins=[portal.origin], embed_secret=secret))
    finally:
        portal.stop()


async def _make(settings: Settings, console: Console) -> None:
    console.print("[bold]Making the demo company[/bold]")
    messenger = Messenger(settings)
    with console.status("Database") as status:
        async with messenger.running():
            console.print("[green]✓[/green] Database")
            for doing, work in Builder(messenger, datetime.now(UTC).astimezone()).steps():
                status.update(doing)
                console.print(f"[green]✓[/green] {await work()}")


def _show_accounts(console: Console) -> None:
    table = Table("Sign in as", "Who", "", box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 2, 0, 0))
    for row in ACCOUNTS:
        table.add_row(*row)
    console.print()
    console.print(table)
    console.print(f"Everybody's password is [bold]{PASSWORD}[/bold]. Ctrl+C stops; the data stays.\n")
