"""Every setting, typed, from `sendjay.toml` and the environment (SENDJAY_*, which wins)."""

from __future__ import annotations

import os
import re
import tomllib
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import sqlalchemy as sa
from msgspec import Meta
from sqlalchemy.exc import ArgumentError

Count = Annotated[int, Meta(ge=1)]
Seconds = Annotated[float, Meta(gt=0)]


DATABASES = ("sqlite", "postgresql", "postgres", "mysql", "mariadb")
EMBED_SECRET_BYTES = 32
_ORIGIN = re.compile(r"https?://(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:]+\])(?::[1-9][0-9]{0,4})?")
_PATH = re.compile(r"/[A-Za-z0-9_/-]+")
_USUAL_PORTS = {"http": ":80", "https": ":443"}


class SettingsError(ValueError):
    """A setting that cannot be used; the message names it and says what is allowed."""


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One installation's settings. Times are seconds, sizes bytes, unless the name says otherwise."""

    name: str = "Sendjay"
    host: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535)] = 8080
    """0: a free one."""
    workers: Count = 1
    """Processes that serve, on one address."""
    data_dir: str = "data"
    database_url: str = ""
    """Empty: SQLite in data_dir. postgresql://user:password@host/name, mysql://… or mariadb://…"""
    redis_url: str = ""
    """Empty: one process, which needs none. Otherwise the bus between nodes (realtime/bus/address.py)."""
    redis_prefix: str = ""
    """Empty: made from the installation's own id. Keeps installations on one Redis apart."""
    public_url: str = ""
    """How people reach this server, such as https://talk.example.com; its origin may open sockets."""
    allowed_origins: list[str] = []
    """Further origins whose pages may open sockets and use the cookie. Empty by default."""
    trusted_proxies: list[str] = []
    """Addresses whose X-Forwarded-* headers are believed."""
    hsts_seconds: Annotated[int, Meta(ge=0)] = 180 * 86400
    """How long browsers that came by https are to come by nothing else; 0: not said."""
    ssl_certfile: str = ""
    ssl_keyfile: str = ""

    access_token_seconds: Count = 4 * 3600
    session_seconds: Count = 60 * 86400
    """A session not refreshed for so long ends."""
    sign_up: bool = False
    """May people make accounts for themselves?"""
    password_min_length: Count = 8
    sign_in_tries_per_account: Count = 10
    """Wrong passwords in five minutes before an account has to wait."""
    sign_in_tries_per_address: Count = 100

    several_connections: bool = False
    """May a person be live in several browsers at once? Otherwise the newest has the place."""

    embed_origins: list[str] = []
    """Origins whose pages may put the messenger in (embed.js). Empty by default."""
    embed_secret: str = ""
    """Shared with the portal's server, which signs tickets with it (HS256); 32 bytes at least."""
    embed_jwks: str = ""
    """Instead: address or file of the portal's public keys (JWKS)."""
    embed_audience: str = "sendjay"
    embed_creates_people: bool = False
    """May a ticket bring in somebody who is unknown here?"""

    receipts: Literal["all", "sender", "nobody"] = "all"
    """Whose read cursors are shown: to all members, only to the sender of a message, to nobody."""
    directory_shows: Literal["everybody", "met"] = "everybody"
    """Whom people find: everybody, or only those they share a room with (a site of strangers). Of who offers
    an item all see the name, and the administrator sees everybody.
    """
    room_members_max: Count = 2000
    room_deliveries_per_second: Annotated[float, Meta(gt=0)] = 50_000.0
    """People of one large room who may be told of its messages in a second; a sender has a quarter of it."""

    files_dir: str = ""
    """Empty: `files` in data_dir. Several machines need one folder that they share."""
    files_s3_bucket: str = ""
    """Instead: a bucket of S3 or what speaks like it; after a slash, what all keys begin with."""
    files_s3_endpoint: str = ""
    """Its address, such as https://minio.example.com; empty: Amazon's."""
    files_s3_region: str = "us-east-1"
    files_s3_key: str = ""
    """Empty: from the environment (AWS_ACCESS_KEY_ID) or the machine's role."""
    files_s3_secret: str = ""
    file_bytes_max: Count = 2_147_483_648
    """The largest file that may be uploaded."""
    file_bytes_per_person: Annotated[int, Meta(ge=0)] = 21_474_836_480
    """What the files that somebody has uploaded may take together; 0: as much as there is."""
    file_bytes_total: Annotated[int, Meta(ge=0)] = 0
    """The same for everybody's together."""
    file_bytes_free: Annotated[int, Meta(ge=0)] = 2_147_483_648
    """Room that uploads leave on the disk."""
    file_days: Annotated[int, Meta(ge=0)] = 365
    """How long a file is kept after it was sent; 0: for ever."""
    file_types: list[str] = []
    """Media types that may be sent, such as image/*, by what is in a file. Empty: all."""
    link_previews: bool = True
    """What stands behind the first link of a message is fetched by the server and shown beneath it."""
    preview_networks: list[str] = []
    """Networks beside the public internet, such as 10.0.0.0/8, whose pages are fetched for previews."""
    strip_location: bool = True
    """Where a picture was made is taken out of it."""
    file_accel: str = ""
    """For nginx in front: the internal address of files_dir, such as /_files; it then sends files itself."""
    file_sweep_seconds: Seconds = 60.0
    """How often expired files and abandoned uploads are looked for."""
    upload_part_bytes: Annotated[int, Meta(ge=65_536)] = 4_194_304
    """Uploads come in parts of this size: proxies let no larger request bodies through than they are told."""
    uploads_per_person: Count = 50
    """Uploads that somebody may have begun and not ended."""

    retention_days_self: Annotated[int, Meta(ge=0)] = 365
    """How long messages are shown in one's own room; 0: for ever. Older ones are deleted."""
    retention_days_direct: Annotated[int, Meta(ge=0)] = 365
    """The same between two."""
    retention_days_group: Annotated[int, Meta(ge=0)] = 365
    retention_days_item: Annotated[int, Meta(ge=0)] = 365
    item_rooms_per_hour: Annotated[int, Meta(ge=0)] = 30
    """Items of others that somebody may begin to ask about in an hour; 0: as many as they like."""
    item_warning: str = ""
    """Said once in a room about an item, by the system, when somebody there first writes one of the words
    below. Empty: nothing.
    """
    item_warning_words: list[str] = []
    """Such as 계좌, 선입금, 카톡."""
    item_hide_phones: bool = False
    """Phone numbers written in rooms about items are made unreadable before anything is kept."""
    edit_hours: Annotated[int, Meta(ge=0)] = 24
    """How long after sending a message may still be edited; 0: for ever."""
    revoke_hours: Annotated[int, Meta(ge=0)] = 24
    """How long after sending a message may still be taken back; 0: for ever."""
    activity_days: Annotated[int, Meta(ge=0)] = 365
    """How long sign-ins and the like stay in the activity log; 0: for ever."""
    upkeep_seconds: Annotated[float, Meta(ge=0)] = 900.0
    """How often a node looks whether something is to be cleaned up; 0: it leaves that to the others."""

    hello_seconds: Seconds = 10.0
    hellos_at_once: Count = 16
    """Hellos (and takings of a place) that are answered at the same time; the others wait their turn."""
    hellos_waiting: Count = 10_000
    """Beyond this, or where it would take half of hello_seconds, clients are told when to come back."""
    tick_seconds: Seconds = 25.0
    drain_seconds: Annotated[float, Meta(ge=0)] = 5.0
    """How long a server that is told to stop still serves, not ready, for its load balancer to see."""
    frame_bytes_max: Count = 262_144
    send_queue_bytes: Count = 1_048_576
    """Bytes waiting for one connection before it is closed as too slow."""
    commands_per_second: Annotated[float, Meta(gt=0)] = 50.0
    commands_burst: Count = 400
    errors_burst: Count = 100
    """Errors a connection may cause before it is closed; one is forgiven every two seconds."""
    connections_per_user: Count = 20
    connections_per_address: Count = 10_000
    connects_per_second: Annotated[float, Meta(gt=0)] = 2_000.0
    """New connections, all together; twice as many at once. Beyond it they are told to come back."""
    connects_per_second_of_address: Annotated[float, Meta(gt=0)] = 1_000.0

    writer_queue: Count = 20_000
    """Commands waiting to be written before senders hear `busy`."""
    writer_queue_bytes: Count = 33_554_432
    writer_wait_seconds: Seconds = 2.0
    """Senders who would wait longer than this for the database hear `busy` at once."""
    writer_group: Count = 512
    readers: Count = 4
    room_cache: Count = 50_000
    """Rooms whose member lists are kept in memory."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["auto", "json", "console"] = "auto"
    metrics: bool = True

    @property
    def data_path(self) -> Path:
        return Path(self.data_dir).expanduser().resolve()

    @property
    def files_path(self) -> Path:
        return Path(self.files_dir).expanduser().resolve() if self.files_dir else self.data_path / "files"

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
    check_database_url(settings.database)
    _check_redis(settings)
    _check_workers(settings)
    if bool(settings.ssl_certfile) != bool(settings.ssl_keyfile):
        raise SettingsError("ssl_certfile and ssl_keyfile go together: set both or neither.")
    for part in filter(None, (settings.ssl_certfile, settings.ssl_keyfile)):
        if not Path(part).is_file():
            raise SettingsError(f"{part} is not there: ssl_certfile and ssl_keyfile name PEM files.")
    _check_embedding(settings)
    for network in settings.preview_networks:
        try:
            ip_network(network)
        except ValueError:
            raise SettingsError(
                f"preview_networks: {network!r} is no network; they are written like 10.0.0.0/8."
            ) from None
    if settings.file_accel and not _PATH.fullmatch(settings.file_accel):
        raise SettingsError("file_accel is the address of a location within nginx's configuration: /_files.")
    return settings


def _check_embedding(settings: Settings) -> None:
    for origin in settings.embed_origins:
        if not _is_origin(origin):
            raise SettingsError(
                f"embed_origins: {origin!r} is no origin. Write each as https://portal.example.com, in small "
                "letters, with the port where it is not the usual one, and nothing after it."
            )
    own = {origin.rstrip("/").lower() for origin in (*settings.allowed_origins, settings.public_url)}
    both = sorted(own.intersection(settings.embed_origins))
    if both:
        # What may use the cookie needs no ticket, and what has tickets must not use the cookie.
        raise SettingsError(
            f"embed_origins: {both[0]} is one of our own (public_url, allowed_origins) already."
        )
    if settings.embed_secret and settings.embed_jwks:
        raise SettingsError(
            "embed_secret and embed_jwks exclude each other: set the one the portal signs with."
        )
    if settings.embed_secret and len(settings.embed_secret.encode()) < EMBED_SECRET_BYTES:
        raise SettingsError(
            f"embed_secret is too short: it needs {EMBED_SECRET_BYTES} random bytes at least."
        )
    if settings.embed_secret.lstrip().startswith("-----BEGIN"):
        raise SettingsError(
            "embed_secret is a secret that both sides know; public keys belong into embed_jwks."
        )
    is_address = settings.embed_jwks.startswith(("https://", "http://"))
    if settings.embed_jwks and not is_address and not Path(settings.embed_jwks).is_file():
        raise SettingsError(
            f"{settings.embed_jwks} is not there: embed_jwks is an address or a file of keys (JWKS)."
        )
    if not settings.embed_audience:
        raise SettingsError("embed_audience must not be empty: it is what tickets for this server name.")


def _is_origin(text: str) -> bool:
    """Is it written as browsers write it? Such a text can also stand in a header as it is."""
    return _ORIGIN.fullmatch(text) is not None and not text.endswith(
        _USUAL_PORTS.get(text.partition(":")[0], "")
    )


def check_database_url(url: str) -> None:
    """Raises SettingsError for a database that cannot be used here."""
    # Nothing else of the address is told: it may hold a password.
    kind = url.partition("://")[0]
    try:
        parsed = sa.make_url(url)
        is_usable = kind in DATABASES and bool(parsed.database)
    except (ArgumentError, ValueError):
        is_usable = False
    if not is_usable:
        raise SettingsError(
            f"database_url names no database that can be used here: {kind}://…. Write "
            "postgresql://user:password@host/name, mysql://user:password@host/name or sqlite:///file."
        )


def _check_redis(settings: Settings) -> None:
    if not settings.redis_url:
        return
    # Only here: the client takes 7 MB, which a process alone need not have.
    from sendjay.realtime.bus.address import read_address

    try:
        read_address(settings.redis_url)
    except ValueError as error:
        raise SettingsError(str(error)) from None
    if sa.make_url(settings.database).get_backend_name() == "sqlite":
        raise SettingsError(
            "redis_url is for several nodes, and several need a database that they can share: MariaDB or "
            "PostgreSQL in database_url. With SQLite the messenger is one process; leave redis_url empty."
        )


def _check_workers(settings: Settings) -> None:
    if settings.workers == 1:
        return
    if sa.make_url(settings.database).get_backend_name() == "sqlite":
        raise SettingsError(
            "workers: several need a database that they can share: MariaDB or PostgreSQL in database_url. "
            "With SQLite the messenger is one process; leave workers at 1."
        )
    if not settings.redis_url:
        raise SettingsError(
            "workers: several hear of each other through Redis: name one in redis_url, or leave workers at 1."
        )


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
