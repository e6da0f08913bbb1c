"""Every setting, typed, from `sendjay.toml` and the environment (SENDJAY_*, which wins)."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any, Literal

import msgspec


class SettingsError(ValueError):
    """A setting that cannot be used; the message names it and says what is allowed."""


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One installation's settings. Times are seconds, sizes bytes, unless the name says otherwise."""

    name: str = "Sendjay"
    host: str = "127.0.0.1"
    port: int = 8080
    data_dir: str = "data"
    database_url: str = ""
    """Empty: SQLite in data_dir."""
    redis_url: str = ""
    """Empty: the bus within this one process."""
    public_url: str = ""
    """How people reach this server, such as https://talk.example.com; its origin may open sockets."""
    allowed_origins: list[str] = []
    """Further origins whose pages may open sockets and use the cookie. Empty by default."""
    trusted_proxies: list[str] = []
    """Addresses whose X-Forwarded-* headers are believed."""
    ssl_certfile: str = ""
    ssl_keyfile: str = ""

    access_token_seconds: int = 4 * 3600
    session_seconds: int = 60 * 86400
    """A session not refreshed for so long ends."""
    sign_up: bool = False
    """May people make accounts for themselves?"""
    password_min_length: int = 8
    sign_in_tries_per_account: int = 10
    """Wrong passwords in five minutes before an account has to wait."""
    sign_in_tries_per_address: int = 100

    receipts: Literal["all", "sender", "nobody"] = "all"
    """Whose read cursors are shown: to all members, only to the sender of a message, to nobody."""
    room_members_max: int = 2000

    hello_seconds: float = 10.0
    tick_seconds: float = 25.0
    frame_bytes_max: int = 262_144
    send_queue_bytes: int = 1_048_576
    """Bytes waiting for one connection before it is closed as too slow."""
    commands_per_second: float = 50.0
    commands_burst: int = 400
    errors_burst: int = 100
    """Errors a connection may cause before it is closed; one is forgiven every two seconds."""
    connections_per_user: int = 20
    connections_per_address: int = 10_000

    writer_queue: int = 20_000
    """Commands waiting to be written before senders hear `busy`."""
    writer_group: int = 512
    readers: int = 4
    room_cache: int = 50_000
    """Rooms whose member lists are kept in memory."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["auto", "json", "console"] = "auto"
    metrics: bool = True

    @property
    def data_path(self) -> Path:
        return Path(self.data_dir).expanduser().resolve()

    @property
    def database(self) -> str:
        """The database's URL, in SQLAlchemy's form."""
        return self.database_url or f"sqlite:///{self.data_path / 'sendjay.db'}"


def load_settings(
    file: Path | None = None, environ: dict[str, str] | None = None, **overrides: Any
) -> Settings:
    """Settings from `file` (default: $SENDJAY_CONFIG or ./sendjay.toml if there), environment and overrides.

    Raises SettingsError for an unknown name or a value of the wrong kind.
    """
    environment = dict(os.environ) if environ is None else environ
    values = _from_file(file, environment) | _from_environment(environment)
    values |= {name: value for name, value in overrides.items() if value is not None}
    try:
        settings = msgspec.convert(values, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise SettingsError(f"A setting cannot be used: {error}") from error
    if bool(settings.ssl_certfile) != bool(settings.ssl_keyfile):
        raise SettingsError("ssl_certfile and ssl_keyfile go together: set both or neither.")
    return settings


def _from_file(file: Path | None, environment: dict[str, str]) -> dict[str, Any]:
    named = file or (Path(environment["SENDJAY_CONFIG"]) if environment.get("SENDJAY_CONFIG") else None)
    path = named or Path("sendjay.toml")
    if named is None and not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path} cannot be read: {error}") from error


def _from_environment(environment: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field in msgspec.structs.fields(Settings):
        raw = environment.get(f"SENDJAY_{field.name.upper()}")
        if raw is None or (raw == "" and field.type is not str):
            continue
        is_list = field.type == list[str]
        found[field.name] = [part.strip() for part in raw.split(",") if part.strip()] if is_list else raw
    return found
