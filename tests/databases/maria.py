"""A private MariaDB."""

from __future__ import annotations

import shutil

import pymysql

from tests.databases.private import PrivateServer


class Maria(PrivateServer):
    account = "mysql"

    @staticmethod
    def is_installed() -> bool:
        return all(map(shutil.which, ("mariadbd", "mariadb-install-db")))

    def prepare(self) -> None:
        self.run(
            [
                "mariadb-install-db", "--no-defaults", f"--datadir={self.data}", "--skip-test-db",
                "--auth-root-authentication-method=normal", f"--tmpdir={self.folder}",
            ]
        )  # fmt: skip

    def command(self) -> list[str]:
        settings = {
            "datadir": str(self.data),
            # A folder of its own: a server that starts sweeps away the temporary tables of all who share it.
            "tmpdir": str(self.folder),
            "port": str(self.port),
            "bind-address": "127.0.0.1",
            "socket": str(self.folder / "socket"),
            "pid-file": str(self.folder / "pid"),
            "innodb-buffer-pool-size": "64M",
            "innodb-log-file-size": "48M",
            "max-connections": "200",
        }
        options = [f"--{name}={value}" for name, value in settings.items()]
        return ["mariadbd", "--no-defaults", *options]

    def answers(self) -> bool:
        try:
            self.execute("SELECT 1")
        except pymysql.OperationalError:
            return False
        return True

    def execute(self, statement: str) -> None:
        with (
            pymysql.connect(host="127.0.0.1", port=self.port, user="root", connect_timeout=5) as connection,
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)

    def create(self, name: str) -> None:
        # Whatever the server was set up with: our tables say for themselves what they are.
        self.execute(f"CREATE DATABASE `{name}` CHARACTER SET latin1")

    def drop(self, name: str) -> None:
        self.execute(f"DROP DATABASE IF EXISTS `{name}`")

    def url(self, name: str) -> str:
        return f"mariadb://root@127.0.0.1:{self.port}/{name}"
