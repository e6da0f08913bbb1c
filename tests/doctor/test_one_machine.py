"""An installation on one machine: what is well is said to be, and what is not comes with what to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from sendjay.storage.file_systems import is_network, kind_of
from tests.doctor.certificates import certificate
from tests.doctor.visit import run, visit
from tests.serving import Server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    data = tmp_path_factory.mktemp("installation") / "data"
    data.mkdir(mode=0o700)
    server = Server(data)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def test_a_server_at_work_is_found_well(server: Server) -> None:
    found = visit(server.data)
    assert (found.code, found.status) == (0, "ok")
    for about in ("Settings", "Data folder", "Database", "Network", "Portals", "Server"):
        assert f"{about}: " in found.says("ok")
    assert "A server is running here" in found.says("ok")
    page = run(server.data, "doctor")
    assert page.returncode == 0
    assert "no problems, no warnings" in page.stdout
    assert len(page.stdout.splitlines()) < 40
    assert server.is_alive()


def test_before_the_first_start_nothing_is_made(tmp_path: Path) -> None:
    found = visit(tmp_path / "data")
    assert found.code == 0
    assert "the first start makes it" in found.says("ok")
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("settings", "level", "said"),
    [
        ({"port": "many"}, "problem", "port"),
        ({"public_url": "talk.example.com"}, "problem", "https://talk.example.com"),
        ({"public_url": "http://talk.example.com"}, "warning", "passwords travel in the clear"),
        ({"public_url": "https://talk.example.com"}, "warning", "trusted_proxies"),
        ({"host": "192.0.2.1"}, "warning", "without TLS"),
        ({"allowed_origins": "erp.example.com"}, "problem", "no page is let in"),
        ({"trusted_proxies": "0.0.0.0/0"}, "problem", "everybody may claim"),
        ({"trusted_proxies": "proxy.example.com"}, "problem", "no address and no network"),
        ({"embed_origins": "https://erp.example.com"}, "problem", "embed_secret or embed_jwks"),
        ({"embed_secret": "x" * 32}, "warning", "names no portal"),
        (
            {"embed_origins": "https://erp.example.com", "embed_jwks": "http://127.0.0.1:9/keys"},
            "problem",
            "cannot be had",
        ),
    ],
    ids=lambda value: ",".join(value) if isinstance(value, dict) else "",
)
def test_settings_that_will_not_do_are_named(
    server: Server, settings: dict[str, str], level: str, said: str
) -> None:
    found = visit(server.data, **settings)
    assert said in found.says(level)
    assert found.code == (level == "problem")
    assert found.status == level


@pytest.mark.parametrize(
    ("days", "name", "level", "said"),
    [
        ((-30, -1), "talk.example.com", "problem", "has run out"),
        ((2, 30), "talk.example.com", "problem", "counts only from"),
        ((-30, 5), "talk.example.com", "warning", "runs out in"),
        ((-1, 90), "other.example.com", "problem", "not for talk.example.com"),
        ((-1, 90), "*.example.com", "ok", "counts until"),
    ],
)
def test_a_certificate_is_looked_at_before_it_runs_out(
    server: Server, tmp_path: Path, days: tuple[int, int], name: str, level: str, said: str
) -> None:
    chain, key = certificate(tmp_path, name, *days)
    settings = {"ssl_certfile": chain, "ssl_keyfile": key, "public_url": "https://talk.example.com"}
    found = visit(server.data, **settings)
    assert said in found.says(level)
    assert found.status == level


def test_a_folder_that_others_can_write_to_is_a_problem(server: Server) -> None:
    server.data.chmod(0o777)
    try:
        found = visit(server.data)
    finally:
        server.data.chmod(0o700)
    assert found.code == 1
    assert f"chmod 700 {server.data}" in found.says("problem")


def test_a_damaged_database_is_found_out(tmp_path: Path) -> None:
    data = tmp_path / "data"
    made = run(data, "user", "add", "kim", "--generate")
    assert made.returncode == 0, made.stderr
    file = data / "sendjay.db"
    with sqlite3.connect(file) as connection:
        page = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'users'").fetchone()[0]
        size = connection.execute("PRAGMA page_size").fetchone()[0]
    connection.close()
    with file.open("r+b") as stream:
        stream.seek((page - 1) * size)
        stream.write(b"\xff" * size)
    found = visit(data)
    assert found.code == 1
    assert "damaged" in found.says("problem")


MOUNTS = """\
22 1 254:0 / / rw,relatime - ext4 /dev/vda rw
23 22 0:21 / /srv rw - nfs4 files:/srv rw
24 23 254:1 / /srv/local\\040disk rw shared:1 - xfs /dev/vdb rw
25 22 0:30 / /home rw - fuse.sshfs kim@files:/ rw
"""


def test_a_network_file_system_is_known_by_where_the_file_lies() -> None:
    kinds = {
        "/var/lib/sendjay/sendjay.db": "ext4",
        "/srv/sendjay/sendjay.db": "nfs4",
        "/srvs/sendjay.db": "ext4",
        "/srv/local disk/sendjay.db": "xfs",
        "/home/kim/sendjay.db": "fuse.sshfs",
    }
    assert {path: kind_of(Path(path), MOUNTS) for path in kinds} == kinds
    assert [is_network(kind) for kind in kinds.values()] == [False, True, False, False, True]
