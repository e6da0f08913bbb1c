"""`sendjay user`: with a running server it acts at once, without one it writes by itself."""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients import SocketClient
from tests.nursery import run_program
from tests.serving import Server


def sendjay(data: Path, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    # As it is called by hand, where the folder is said each time.
    return run_program(*words, "--data-dir", data, env=os.environ, cwd=data.parent, typed=typed)


def can_sign_in(server: Server, login: str, password: str) -> bool:
    with server.rest() as client:
        answer = client.post("/api/auth/sign-in", json={"login": login, "password": password})
    return answer.status_code == 200


@pytest.fixture
def data(tmp_path: Path) -> Path:
    # Longer than the address of a Unix socket may be: data folders are.
    path = tmp_path / ("a-rather-deep-data-folder-" * 5) / "data"
    path.mkdir(parents=True)
    return path


@pytest.fixture
def server(data: Path) -> Iterator[Server]:
    server = Server(data)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def test_the_first_administrator_is_made_before_any_server_runs(data: Path) -> None:
    made = sendjay(data, "user", "add", "Admin", "--name", "관리자", "--kind", "admin", "--generate")
    assert made.returncode == 0, made.stderr
    password = made.stdout.rpartition("Password: ")[2].strip()
    server = Server(data)
    server.start()
    try:
        with server.rest() as client:
            answer = client.post("/api/auth/sign-in", json={"login": "admin", "password": password}).json()
        assert answer["kind"] == "admin"
        assert answer["user"]["name"] == "관리자"
    finally:
        server.stop()


async def test_disabling_and_resetting_close_open_connections_at_once(data: Path, server: Server) -> None:
    for login in ("kim", "lee"):
        made = sendjay(data, "user", "add", login, "--password-stdin", typed="long enough\n")
        assert made.returncode == 0, made.stderr
    clients: list[SocketClient] = []
    for login in ("kim", "lee"):
        with server.rest() as rest:
            answer = rest.post("/api/auth/sign-in", json={"login": login, "password": "long enough"}).json()
        clients.append(await SocketClient.connect(server, answer["access_token"]))
    assert sendjay(data, "user", "disable", "kim").returncode == 0
    assert sendjay(data, "user", "passwd", "lee", "--password-stdin", typed="another one\n").returncode == 0
    for client in clients:
        await client.connection.wait_closed()
        assert client.connection.close_code == 4003
    assert [client.events[-1]["reason"] for client in clients] == ["disabled", "password_reset"]
    assert not can_sign_in(server, "kim", "long enough")
    assert not can_sign_in(server, "lee", "long enough")
    assert can_sign_in(server, "lee", "another one")
    assert sendjay(data, "user", "enable", "kim").returncode == 0
    assert can_sign_in(server, "kim", "long enough")


def test_only_the_servers_own_account_reaches_its_control_socket(data: Path, server: Server) -> None:
    assert stat.S_IMODE((data / "control.sock").stat().st_mode) == 0o600


def test_a_second_server_in_the_same_folder_does_not_start(data: Path, server: Server) -> None:
    second = sendjay(data, "serve", "--port", "0")
    assert second.returncode != 0
    assert server.is_alive()
    assert sendjay(data, "user", "list").returncode == 0


def test_a_killed_servers_socket_is_in_nobodys_way(data: Path) -> None:
    server = Server(data)
    server.start()
    server.kill()
    assert (data / "control.sock").exists()
    made = sendjay(data, "user", "add", "kim", "--generate")
    assert made.returncode == 0, made.stderr
    server.start()
    try:
        assert "kim\tkim\tkim\t\tuser\tactive" in sendjay(data, "user", "list").stdout
    finally:
        server.stop()


@pytest.mark.parametrize(
    ("words", "typed", "said"),
    [
        (("user", "passwd", "nobody", "--generate"), "", "Nobody signs in as nobody."),
        (("user", "disable", "nobody"), "", "Nobody signs in as nobody."),
        (("user", "add", "kim", "--password-stdin"), "short\n", "8 characters"),
        (("user", "add", "kim"), "", "--password-stdin"),
        (("user", "add", "kim", "--generate", "--kind", "king"), "", "king"),
        (("user", "add", " ", "--generate"), "", "cannot be used to sign in"),
    ],
)
def test_what_cannot_be_is_said_in_words(data: Path, words: tuple[str, ...], typed: str, said: str) -> None:
    answer = sendjay(data, *words, typed=typed)
    assert answer.returncode in (1, 2)
    assert said in answer.stderr
    assert "Traceback" not in answer.stderr
