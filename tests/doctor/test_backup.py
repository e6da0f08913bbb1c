"""`sendjay backup`: a whole copy beside a server at work."""

from __future__ import annotations

import stat
from pathlib import Path

from tests.clients import SocketClient
from tests.doctor.visit import run
from tests.serving import Office


async def test_a_backup_of_a_server_at_work_is_an_installation_to_start(tmp_path: Path) -> None:
    data, copies = tmp_path / "data", tmp_path / "copies"
    copies.mkdir()
    office = Office(data, 2)
    office.start()
    try:
        one, two = office.some(2)
        async with await SocketClient.connect(office, one) as client:
            room = await client.create(two)
            await client.send(room, "앞에 한 말")
            made = run(data, "backup", str(copies))
            assert made.returncode == 0, made.stderr
            await client.send(room, "뒤에 한 말")
    finally:
        office.stop()
    (copy,) = copies.iterdir()
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    for beside in data.glob("sendjay.db*"):
        beside.unlink()
    copy.rename(data / "sendjay.db")
    office.start()
    try:
        async with await SocketClient.connect(office, one) as client:
            said = [each["body"] for each in await client.timeline(room) if each.get("body")]
            assert said == ["앞에 한 말"]
    finally:
        office.stop()


def test_a_backup_overwrites_nothing_and_leaves_no_half(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert run(data, "user", "add", "kim", "--generate").returncode == 0
    kept = tmp_path / "kept.db"
    kept.write_text("yesterday's")
    refused = run(data, "backup", str(kept))
    assert refused.returncode == 1
    assert "overwrites nothing" in refused.stderr
    assert kept.read_text() == "yesterday's"
    (data / "sendjay.db").write_bytes(b"no database at all" * 1000)
    refused = run(data, "backup", str(tmp_path / "new.db"))
    assert refused.returncode == 1
    assert "cannot be copied" in refused.stderr
    assert sorted(each.name for each in tmp_path.iterdir()) == ["data", "kept.db"]
