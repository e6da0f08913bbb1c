"""What may go wrong with a move leaves the old installation as it was, and no server on half of one."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
from pathlib import Path

import pytest

from tests.doctor.visit import visit
from tests.moving.moves import held, install, move, sqlite
from tests.moving.odd_rows import Contents, odd_contents
from tests.nursery import PROGRAM, run_program
from tests.serving import Server, eventually

MANY = 60_000


@pytest.fixture
def contents() -> Contents:
    return odd_contents(2)


@pytest.fixture
def old(tmp_path: Path, contents: Contents) -> Path:
    file = tmp_path / "old.db"
    install(sqlite(file), contents)
    return file


def serve(file: Path) -> subprocess.CompletedProcess[str]:
    """A server that should not start."""
    words = ("serve", "--port", "0", "--data-dir", file.parent / "data")
    return run_program(*words, env={"SENDJAY_DATABASE_URL": sqlite(file)}, cwd=file.parent)


def test_nothing_moves_while_a_server_is_at_work(tmp_path: Path) -> None:
    server = Server(tmp_path)
    server.start()
    try:
        refused = move(sqlite(tmp_path / "sendjay.db"), sqlite(tmp_path / "new.db"))
        assert refused.returncode == 1
        assert "Stop it" in refused.stderr
    finally:
        server.stop()
    moved = move(sqlite(tmp_path / "sendjay.db"), sqlite(tmp_path / "new.db"))
    assert moved.returncode == 0, moved.stderr


def test_an_installation_is_never_overwritten(tmp_path: Path, old: Path, contents: Contents) -> None:
    other = odd_contents(3)
    install(sqlite(tmp_path / "other.db"), other)
    for target in (tmp_path / "other.db", old):
        refused = move(sqlite(old), sqlite(target))
        assert refused.returncode == 1
        assert "empty" in refused.stderr or "is the one" in refused.stderr
    assert held(sqlite(tmp_path / "other.db")) == other
    assert held(sqlite(old)) == contents


def test_there_must_be_something_to_move(tmp_path: Path) -> None:
    nothing = tmp_path / "nothing.db"
    assert "There is no database" in move(sqlite(nothing), sqlite(tmp_path / "new.db")).stderr
    assert not nothing.exists()
    sqlite3.connect(nothing).execute("VACUUM")
    assert "There is no installation" in move(sqlite(nothing), sqlite(tmp_path / "new.db")).stderr


def test_two_versions_do_not_move_into_each_other(tmp_path: Path, old: Path) -> None:
    later = tmp_path / "later.db"
    install(sqlite(later), {name: set() for name in odd_contents(2)})
    with sqlite3.connect(later) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    assert "a later version's schema" in move(sqlite(old), sqlite(later)).stderr
    assert "another version's schema" in move(sqlite(later), sqlite(tmp_path / "new.db")).stderr
    found = visit(tmp_path / "data", database_url=sqlite(later))
    assert "not those of this version" in found.says("warning")


def test_a_move_that_was_killed_is_closed_to_servers_and_begins_anew(tmp_path: Path, old: Path) -> None:
    with sqlite3.connect(old) as connection:
        words = "INSERT INTO messages (room_id, seq, sender_id, body) VALUES ('many', ?, 'kim', '많은 말')"
        connection.executemany(words, ((seq,) for seq in range(1, MANY + 1)))
    connection.close()
    new = tmp_path / "new.db"
    moving = subprocess.Popen([PROGRAM, "db", "move", "--from", sqlite(old), "--to", sqlite(new)])
    try:
        assert eventually(lambda: copied_messages(new) > 0, 30)
    finally:
        moving.send_signal(signal.SIGKILL)
        moving.wait(10)
    assert 0 < copied_messages(new) < MANY
    refused = serve(new)
    assert refused.returncode == 1
    assert "has not come to its end" in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1
    moved = move(sqlite(old), sqlite(new))
    assert moved.returncode == 0, moved.stderr
    assert held(sqlite(new)) == held(sqlite(old))


def copied_messages(file: Path) -> int:
    if not file.exists():
        return 0
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    try:
        return connection.execute("SELECT count(*) FROM messages").fetchone()[0]
    except sqlite3.OperationalError:
        return 0
    finally:
        connection.close()


def test_a_row_that_arrives_otherwise_is_noticed(tmp_path: Path, old: Path) -> None:
    new = tmp_path / "new.db"
    install(sqlite(new), {name: set() for name in odd_contents(2)})
    with sqlite3.connect(new) as connection:
        connection.execute(
            "CREATE TRIGGER spoiled AFTER INSERT ON users WHEN NEW.user_id = '가' "
            "BEGIN UPDATE users SET nickname = 'x' || nickname WHERE user_id = '가'; END"
        )
    connection.close()
    moved = move(sqlite(old), sqlite(new))
    assert moved.returncode == 1
    assert "users is not the same" in moved.stderr
    assert serve(new).returncode == 1


def test_a_row_that_is_not_taken_is_named_without_what_it_holds(tmp_path: Path, old: Path) -> None:
    new = tmp_path / "new.db"
    install(sqlite(new), {name: set() for name in odd_contents(2)})
    with sqlite3.connect(new) as connection:
        connection.execute(
            "CREATE TRIGGER full AFTER INSERT ON messages BEGIN SELECT RAISE(ABORT, 'no room'); END"
        )
    connection.close()
    moved = move(sqlite(old), sqlite(new))
    assert moved.returncode == 1
    assert moved.stderr.startswith("messages, rows ")
    assert moved.stderr.endswith(": no room\n")
