"""What nobody continues or sends is taken away, from the disk too, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.files.uploading import VERSION, Uploader, files_of
from tests.serving import Office, eventually, run_office


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    yield from run_office(tmp_path_factory.mktemp("office"), file_sweep_seconds=0.2)


@pytest.fixture
def mine(office: Office) -> Iterator[Uploader]:
    uploader = Uploader.of(office, office.some(1)[0])
    yield uploader
    uploader.rest.close()


def due(office: Office, file_id: str) -> None:
    """Its time has come."""
    office.change("UPDATE files SET due_at = 1 WHERE file_id = ?", file_id)


def is_gone(office: Office, file_id: str) -> bool:
    rows = office.rows("SELECT 1 FROM files WHERE file_id = ?", file_id)
    return not rows and all(path.name != file_id for path in files_of(office))


def test_an_upload_that_was_not_continued(office: Office, mine: Uploader) -> None:
    address = mine.begun(10)
    mine.part(address, 0, b"abc")
    due(office, address.rpartition("/")[2])
    assert eventually(lambda: is_gone(office, address.rpartition("/")[2]))
    assert mine.rest.head(address, headers=VERSION).status_code == 404
    assert mine.part(address, 3, b"d").status_code == 404


def test_a_file_that_was_never_sent(office: Office, mine: Uploader) -> None:
    file_id, kept = mine.whole(b"never sent"), mine.whole(b"may still be sent")
    due(office, file_id)
    assert eventually(lambda: is_gone(office, file_id))
    assert mine.rest.get(f"/api/files/{file_id}").status_code == 404
    assert mine.rest.get(f"/api/files/{kept}").content == b"may still be sent"


def test_what_was_broken_off_in_the_middle_is_made_good(office: Office, mine: Uploader) -> None:
    file_id = mine.whole(b"gone in the database, and still on the disk")
    office.change("UPDATE files SET state = 'gone', due_at = 1 WHERE file_id = ?", file_id)
    assert eventually(lambda: is_gone(office, file_id))


def test_many_at_once(office: Office, mine: Uploader) -> None:
    ids = [mine.whole(b"x") for _ in range(120)]
    for file_id in ids:
        due(office, file_id)
    assert eventually(lambda: all(is_gone(office, file_id) for file_id in ids), 15)
