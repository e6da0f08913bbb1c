"""Starting, stopping and starting again; and what the demo keeps its hands off."""

from __future__ import annotations

import json
import os
import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import httpx
import pytest

from sendjay.demo.place import DATABASE, MARK, DemoPlace, NotADemo
from sendjay.demo.rooms import demo_rooms
from tests.demo.conftest import Demo
from tests.nursery import run_program
from tests.serving import eventually

SEOUL = timezone(timedelta(hours=9))


def refused(folder: Path, port: int = 0, code: int = 2) -> str:
    """What the demo says when it does not start."""
    ports = ("--port", str(port), "--portal-port", "0", "--market-port", "0")
    environment = {"PATH": os.environ["PATH"], "COLUMNS": "200"}
    done = run_program("demo", "--data-dir", folder, *ports, env=environment, cwd=folder.parent)
    said = done.stdout + done.stderr
    assert done.returncode == code, said
    assert "Traceback" not in said
    return said


def answers(url: str) -> bool:
    try:
        httpx.get(f"{url}/")
    except httpx.TransportError:
        return False
    return True


def test_a_second_start_keeps_what_was_said(tmp_path: Path) -> None:
    with Demo(tmp_path) as demo:
        with demo.sign_in("minji.kim") as client:
            room = client.get("/api/rooms").json()["rooms"][0]["room"]
            said = {"client_id": "said-before-stopping", "body": "내일 봬요"}
            sent = client.post(f"/api/rooms/{room['id']}/messages", json=said).raise_for_status().json()
        assert demo.stop() == 0
        demo.start()
        assert not any("✓" in line for line in demo.printed)
        with demo.sign_in("minji.kim") as client:
            newest = client.get(f"/api/rooms/{room['id']}/messages").json()["messages"][-1]
    assert (newest["seq"], newest["body"]) == (sent["seq"], "내일 봬요")


def test_a_first_start_that_broke_off_begins_again(tmp_path: Path) -> None:
    data = tmp_path / "demo-data"
    data.mkdir()
    (data / MARK).write_text(json.dumps({"state": "unfinished"}))
    (data / "sendjay.db").write_bytes(b"half of a database")
    with Demo(tmp_path) as demo, demo.sign_in("minji.kim") as client:
        assert client.get("/api/rooms").json()["rooms"]


def test_it_never_runs_over_a_folder_that_is_not_its_own(tmp_path: Path) -> None:
    real = tmp_path / "data"
    real.mkdir()
    with sqlite3.connect(real / "sendjay.db") as connection:
        connection.execute("CREATE TABLE precious (thing TEXT)")
    before = (real / "sendjay.db").read_bytes()
    assert "not a demo" in refused(real)
    assert (real / "sendjay.db").read_bytes() == before
    assert [path.name for path in real.iterdir()] == ["sendjay.db"]


def test_two_first_starts_at_once_do_not_spoil_each_other(tmp_path: Path) -> None:
    first, second = DemoPlace(tmp_path / "demo"), DemoPlace(tmp_path / "demo")
    assert first.prepare()
    with pytest.raises(NotADemo, match="just being made"):
        second.prepare()
    (first.folder / DATABASE).touch()
    first.finish()
    assert not second.prepare()


def test_it_does_not_take_a_file_for_a_folder(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("mine")
    assert "not a demo" in refused(file)
    assert file.read_text() == "mine"


def test_a_production_database_in_the_environment_is_left_alone(demo: Demo) -> None:
    assert [path.name for path in demo.folder.iterdir()] == ["demo-data"]


def test_a_taken_port_is_said_before_anything_is_made(demo: Demo, tmp_path: Path) -> None:
    port = int(demo.url.rpartition(":")[2])
    said = refused(tmp_path / "another", port)
    assert f"port {port} cannot be used" in said
    assert f"SENDJAY_PORT={port + 1} make demo" in said
    assert list(tmp_path.iterdir()) == []


def test_the_portal_beside_a_demo_that_is_killed_ends_too(tmp_path: Path) -> None:
    with Demo(tmp_path) as demo:
        (line,) = [line for line in demo.printed if "is a portal" in line]
        portal = line.split()[0]
        assert eventually(lambda: answers(portal))
        demo.kill()
        assert eventually(lambda: not answers(portal))


def test_a_demo_that_runs_already_is_not_started_twice(demo: Demo) -> None:
    assert "already" in refused(demo.data, code=1)
    with demo.sign_in("minji.kim") as client:
        assert client.get("/api/rooms").json()["rooms"]


@pytest.mark.parametrize("hour", [0, 4, 9, 14, 23])
@pytest.mark.parametrize("day", range(7))
def test_nothing_was_said_in_the_future_whenever_it_is_made(day: int, hour: int) -> None:
    now = datetime(2026, 11, 16, hour, 10, tzinfo=SEOUL) + timedelta(days=day)
    for room in demo_rooms():
        times = [step.at for step in room.talk(now)]
        assert times == sorted(times), room.name
        assert times[-1] < now
        assert all(at.astimezone(UTC) > datetime(2026, 1, 1, tzinfo=UTC) for at in times)
