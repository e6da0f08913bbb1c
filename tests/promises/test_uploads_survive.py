"""What was acknowledged of an upload survives kill -9 of the server; it goes on where it stood."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.files.uploading import Uploader, files_of
from tests.promises.conftest import FAST_TALKERS
from tests.serving import Office

KILLS = 6
PART = 65_536


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path, 2, **FAST_TALKERS)
    office.start()
    yield office
    office.stop()


def test_an_upload_goes_on_after_each_of_several_kills_and_arrives_as_it_was(office: Office) -> None:
    content = os.urandom(PART * 100)
    address = Uploader.of(office, office.people[0]).begun(len(content))
    acked = 0
    for kill in range(KILLS + 1):
        mine = Uploader.of(office, office.people[0])
        stands = mine.offset(address)
        assert stands >= acked
        acked = stands
        killer = threading.Timer(0.05 + 0.02 * kill, office.kill)
        if kill < KILLS:
            killer.start()
        try:
            while acked < len(content):
                answer = mine.part(address, acked, content[acked : acked + PART])
                assert answer.status_code == 204, answer.text
                acked = int(answer.headers["Upload-Offset"])
        except httpx.TransportError:
            pass
        if kill < KILLS:
            killer.join()
            office.start()
    assert Uploader.of(office, office.people[0]).offset(address) == len(content)
    file_id = address.rpartition("/")[2]
    assert office.rows("SELECT state FROM files WHERE file_id = ?", file_id) == [("ready",)]
    assert [path.read_bytes() for path in files_of(office)] == [content]
