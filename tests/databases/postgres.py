"""A private PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import psycopg

from tests.databases.private import PrivateServer


class Postgres(PrivateServer):
    account = "postgres"

    @staticmethod
    def is_installed() -> bool:
        return bool(_versions())

    def prepare(self) -> None:
        self.run(
            [
                str(binaries() / "initdb"), "--pgdata", str(self.data), "--username", "sendjay",
                "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync",
            ]
        )  # fmt: skip

    def command(self) -> list[str]:
        settings = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "max_connections": "200",
            "shared_buffers": "64MB",
        }
        options = [f"--{name}={value}" for name, value in settings.items()]
        return [str(binaries() / "postgres"), "-D", str(self.data), "-p", str(self.port), *options]

    def answers(self) -> bool:
        try:
            self.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def execute(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True, connect_timeout=5) as connection:
            connection.execute(statement.encode())

    def create(self, name: str) -> None:
        self.execute(f'CREATE DATABASE "{name}"')

    def drop(self, name: str) -> None:
        self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def url(self, name: str) -> str:
        return f"postgresql://sendjay@127.0.0.1:{self.port}/{name}"


def binaries() -> Path:
    """The newest version's; Debian keeps them out of PATH."""
    return _versions()[-1].parent


def _versions() -> list[Path]:
    return sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
