"""The disk of a SQLite installation is full, then has room again: people are told to wait, nothing that was
acknowledged is missing, and all goes on by itself.
"""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients import RefusedError, SocketClient, new_key
from tests.databases.choice import chosen_database
from tests.promises.conftest import FAST_TALKERS
from tests.serving import Office, eventually

DISK_MEGABYTES = 24
RECOVERY_SECONDS = 20
TEXT = "x" * 400


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK_MEGABYTES}M", "tmpfs", str(tmp_path)], check=True
    )
    yield tmp_path
    subprocess.run(["umount", "--lazy", str(tmp_path)], check=True)


@pytest.fixture
def office(disk: Path) -> Iterator[Office]:
    with chosen_database("sqlite"):
        office = Office(disk, 4, **FAST_TALKERS)
    office.start()
    yield office
    office.stop(has_troubles=True)


def fill(disk: Path) -> Path:
    """Not a byte is left."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            return filler


def check_wait(refused: RefusedError) -> None:
    """They were told that and for how long."""
    assert refused.code == "busy"
    assert refused.error["retry_after_ms"] > 0


async def say(client: SocketClient, room: str, key: str) -> int:
    """Where it stands; sent again under its key for as long as it is refused."""
    async with asyncio.timeout(RECOVERY_SECONDS):
        while True:
            try:
                answer = await client.ask("message.send", room=room, client_id=key, body=TEXT)
            except RefusedError as refused:
                check_wait(refused)
                await asyncio.sleep(0.2)
            else:
                return answer["seq"]


async def test_a_full_disk_keeps_people_waiting_and_loses_nothing(disk: Path, office: Office) -> None:
    one, two = office.people[:2]
    async with (
        await SocketClient.connect(office, one) as client,
        await SocketClient.connect(office, two) as other,
    ):
        room = await client.create(two)
        acked: dict[str, int] = {}
        for _ in range(20):
            key = new_key()
            acked[key] = await say(client, room, key)
        filler = fill(disk)
        waiting = ""
        for _ in range(20_000):
            key = new_key()
            try:
                answer = await client.ask("message.send", room=room, client_id=key, body=TEXT)
            except RefusedError as refused:
                check_wait(refused)
                waiting = key
                break
            acked[key] = answer["seq"]
        assert waiting, "the disk was never full"
        # What is there can be read meanwhile.
        assert await client.ask("rooms.list")
        filler.unlink()
        acked[waiting] = await say(client, room, waiting)
        timeline = await other.timeline(room)
    rows = {row["client_id"]: row["seq"] for row in timeline if row.get("client_id")}
    assert {key: rows.get(key) for key in acked} == acked
    assert [row["seq"] for row in timeline] == list(range(1, len(timeline) + 1))
    with office.rest() as rest:
        assert await asyncio.to_thread(
            eventually, lambda: rest.get("/readyz").status_code == 200, RECOVERY_SECONDS
        )
