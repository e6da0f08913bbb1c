"""Real servers for tests: a company in a fresh data folder, `sendjay serve` as a process on a free port."""

from __future__ import annotations

import asyncio
import base64
import itertools
import os
import select
import signal
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import httpx
import psutil
import sqlalchemy as sa
from prometheus_client.parser import text_string_to_metric_families

from sendjay.accounts import sessions, store
from sendjay.accounts.model import Device
from sendjay.accounts.passwords import Passwords
from sendjay.accounts.tokens import Secrets, Tokens
from sendjay.directory.service import DirectoryService, OrgEntry, UserEntry
from sendjay.settings import Settings, load_settings
from sendjay.storage.database import Database
from sendjay.storage.engines import Use, create_engine
from sendjay.storage.installation import agreed_value
from sendjay.storage.migrate import upgrade
from sendjay.storage.transaction import Transaction
from sendjay.storage.urls import parse_url
from sendjay.storage.writer import Writer
from tests.databases.choice import fresh_url
from tests.nursery import PROGRAM, Forked

Result = TypeVar("Result")

PASSWORD = "seventeen grey herons"
READY_SECONDS = 30
DEVICES = (
    Device("desk", "web", "The desk"),
    Device("laptop", "web", "The laptop"),
    Device("phone", "app", "The phone"),
)
"""Each person's sessions, in the order of `Person.tokens`."""


@dataclass(frozen=True)
class Person:
    """Somebody of the test company, signed in on each of DEVICES; everybody has the same PASSWORD."""

    id: str
    tokens: tuple[str, ...] = field(repr=False)
    sessions: tuple[str, ...] = field(repr=False)

    @property
    def token(self) -> str:
        return self.tokens[0]


class Server:
    """`sendjay serve` on a data folder; may be killed and started again. End it with `stop`."""

    def __init__(self, data: Path, **settings: object) -> None:
        self.data = data
        self.errors = data / "stderr.log"
        """What the server said on standard error, over all its starts."""
        self.command: list[str] = [str(PROGRAM), "serve"]
        self.database_url = str(settings.get("database_url", ""))
        self._settings = settings
        self._engines: dict[Use, sa.Engine] = {}
        self._process: subprocess.Popen[str] | Forked | None = None
        self._is_told_to_stop = False
        self.port = 0

    # Life

    def start(self) -> Server:
        environment = {"PATH": os.environ["PATH"], "SENDJAY_DATA_DIR": str(self.data), "SENDJAY_PORT": "0"}
        environment["SENDJAY_DRAIN_SECONDS"] = "0"
        # No test asks a name server; those of previews turn them on.
        environment["SENDJAY_LINK_PREVIEWS"] = "false"
        environment |= {f"SENDJAY_{name.upper()}": str(value) for name, value in self._settings.items()}
        self._is_told_to_stop = False
        with self.errors.open("ab") as stream:
            self._process = self._begin(environment, stream)
        assert self._process.stdout is not None
        readable, _, _ = select.select([self._process.stdout], [], [], READY_SECONDS)
        line = self._process.stdout.readline() if readable else ""
        if "ready at" not in line:
            self._process.kill()
            raise AssertionError(f"The server did not start: {line!r}\n{self.said()}")
        self.port = int(line.rstrip().rpartition(":")[2])
        return self

    def _begin(self, environment: dict[str, str], errors: BinaryIO) -> subprocess.Popen[str] | Forked:
        if self.command[0] == str(PROGRAM) and "LD_PRELOAD" not in environment:
            return Forked(self.command, errors, self.data, environment)
        return subprocess.Popen(
            self.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            cwd=self.data,
            env=environment,
            text=True,
        )

    def kill(self) -> None:
        """kill -9."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(10)

    def stop(self, *, has_troubles: bool = False) -> None:
        """SIGTERM; it must end by itself, in order and (but for troubles that it has had) without having
        stumbled.
        """
        assert self._process is not None
        for engine in self._engines.values():
            engine.dispose()
        # A second SIGTERM could come when it has just ended in order, and kill what is left of it.
        if self._process.poll() is None and not self._is_told_to_stop:
            self._process.terminate()
        try:
            code = self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(10)
            raise AssertionError(f"The server did not stop.\n{self.said()}") from None
        assert code in (0, -signal.SIGKILL, 1 if has_troubles else 0), self.said()
        if not has_troubles:
            self.check_errors()

    def signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._is_told_to_stop = self._is_told_to_stop or number == signal.SIGTERM
        self._process.send_signal(number)

    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    # What it says and holds

    def said(self) -> str:
        return self.errors.read_text(errors="replace")

    def check_errors(self) -> None:
        """Nothing went wrong inside: no traceback, no failure that somebody had to catch."""
        said = self.said()
        for word in (
            "Traceback",
            "command.failed",
            "writer.",
            "hub.delivery_failed",
            "rest.failed",
            "never awaited",
        ):
            assert word not in said, said[-4000:]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def socket_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/ws"

    def rest(self, token: str | None = None, **headers: str) -> httpx.Client:
        """A REST client on somebody's behalf."""
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        return httpx.Client(base_url=self.url, headers=headers, timeout=30, trust_env=False)

    def memory(self) -> int:
        """Bytes the process holds."""
        assert self._process is not None
        return psutil.Process(self._process.pid).memory_info().rss

    def measure(self, name: str, **labels: str) -> float:
        """A figure of /metrics, summed over the labels that were not named."""
        with self.rest() as client:
            text = client.get("/metrics").raise_for_status().text
        samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
        fitting = [each for each in samples if each.name == name and labels.items() <= each.labels.items()]
        return sum(each.value for each in fitting)

    def rows(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        """What the database holds, read beside the server."""
        with self._beside(Use.READING) as connection:
            return [tuple(row) for row in connection.exec_driver_sql(*_worded(connection, query, parameters))]

    def change(self, statement: str, *parameters: object) -> None:
        """Change the database beside the server, as no command does."""
        with self._beside(Use.WRITING) as connection:
            connection.exec_driver_sql(*_worded(connection, statement, parameters))

    def settings(self) -> Settings:
        """Those that say where its data lies."""
        return load_settings(environ={}, data_dir=str(self.data), database_url=self.database_url)

    @contextmanager
    def _beside(self, use: Use) -> Iterator[sa.Connection]:
        if use not in self._engines:
            self._engines[use] = create_engine(parse_url(self.settings().database), use)
        with self._engines[use].connect() as connection, connection.begin():
            yield connection


def _worded(
    connection: sa.Connection, statement: str, parameters: tuple[object, ...]
) -> tuple[str, tuple[object, ...]]:
    return statement if connection.dialect.name == "sqlite" else statement.replace("?", "%s"), parameters


class Office(Server):
    """A server with a company of people in it, who may be in several places at once unless a test says
    otherwise: most tests ask what several connections of one person see.
    """

    def __init__(self, data: Path, people: int, **settings: object) -> None:
        given: dict[str, object] = {"several_connections": "true", "database_url": fresh_url()}
        super().__init__(data, **given | settings)
        self.people = found_company(self.settings(), people)
        self._next = itertools.cycle(self.people)

    def some(self, count: int) -> list[Person]:
        """People whom no other test has had yet (until all have been had)."""
        return [next(self._next) for _ in range(count)]


def run_office(data: Path, people: int = 60, **settings: object) -> Iterator[Office]:
    """For fixtures: a server with a company, stopped at the end."""
    office = Office(data, people, **settings)
    office.start()
    try:
        yield office
    finally:
        office.stop()


def eventually(condition: Any, seconds: float = 5.0) -> bool:
    """Poll until it holds; False when it does not within `seconds`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return bool(condition())


# A company, before its server starts


def found_company(settings: Settings, people: int) -> list[Person]:
    """Write orgs, people, one password for all and their sessions into a new database."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, _found(settings, people)).result()


async def _found(settings: Settings, count: int) -> list[Person]:
    database = Database(settings.database)
    upgrade(database)
    writer = Writer(database, lambda _: None)
    writer.start()
    try:
        directory = DirectoryService(database, writer)
        ids = [f"p{number:04}" for number in range(count)]
        await directory.upsert_orgs(
            [OrgEntry("sales", "Sales", "001", 0), OrgEntry("works", "Works", "002", 0)]
        )
        await directory.upsert_users(
            [
                UserEntry(each, name=f"Person {each}", org=("sales", "works")[n % 2])
                for n, each in enumerate(ids)
            ]
        )
        passwords = Passwords()
        password_hash = await passwords.hash(PASSWORD.encode())
        passwords.close()
        tokens = _tokens(database, settings)
        return await writer.run(
            lambda tx: [_sign_in(tx, each, password_hash, tokens, settings) for each in ids]
        )
    finally:
        await writer.stop()
        database.close()


def _tokens(database: Database, settings: Settings) -> Tokens:
    kept = [
        agreed_value(database, name, base64.b64encode(os.urandom(32)).decode())
        for name in ("token_secret", "refresh_secret")
    ]
    return Tokens(Secrets(*(base64.b64decode(each) for each in kept)), settings.access_token_seconds)


def _sign_in(tx: Transaction, user: str, password_hash: str, tokens: Tokens, settings: Settings) -> Person:
    store.put_password(tx, user, password_hash)
    account = store.account_by_id(tx.connection, user)
    actors = [
        sessions.begin(tx, account, device, "127.0.0.1", settings.session_seconds) for device in DEVICES
    ]
    return Person(
        user,
        tuple(tokens.access(user, actor.session_id) for actor in actors),
        tuple(actor.session_id for actor in actors),
    )
