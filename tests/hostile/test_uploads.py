"""Uploads by people who mean harm, or by clients that are wrong."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.files.uploading import PART, VERSION, Uploader, files_of, named
from tests.serving import Office, run_office


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    yield from run_office(
        tmp_path_factory.mktemp("office"),
        file_bytes_max=10_000_000,
        file_bytes_per_person=15_000_000,
        uploads_per_person=5,
        commands_per_second=10_000,
        commands_burst=10_000,
    )


@pytest.fixture
def mine(office: Office) -> Iterator[Uploader]:
    uploader = Uploader.of(office, office.some(1)[0])
    yield uploader
    uploader.rest.close()


def test_more_than_was_said_does_not_come_in(office: Office, mine: Uploader) -> None:
    address = mine.begun(5)
    assert mine.part(address, 0, b"abcdef").status_code == 413

    def untold() -> Iterator[bytes]:
        yield b"abc"
        yield b"def" * 100_000

    headers = PART | {"Upload-Offset": "0"}
    assert mine.rest.patch(address, headers=headers, content=untold()).status_code == 413
    assert mine.offset(address) == 0
    assert mine.part(address, 0, b"abcde").status_code == 204
    assert mine.part(address, 5, b"f").status_code == 409
    file_id = address.rpartition("/")[2]
    assert [path.read_bytes() for path in files_of(office) if path.name == file_id] == [b"abcde"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Upload-Length": "-1"},
        {"Upload-Length": "1e3"},
        {"Upload-Length": "٣"},
        {"Upload-Length": "9" * 400},
        {"Upload-Length": ""},
        {"Upload-Length": "5", "Upload-Metadata": "filename !!!"},
        {"Upload-Length": "5", "Upload-Metadata": "filename /w=="},
        {"Upload-Length": "5", "Upload-Metadata": "filename " + "A" * 20_000},
        {"Upload-Defer-Length": "1"},
        {},
    ],
    ids=str,
)
def test_nonsense_begins_nothing(office: Office, mine: Uploader, headers: dict[str, str]) -> None:
    before = office.rows("SELECT count(*) FROM files")
    raw = {name: value.encode() for name, value in (VERSION | headers).items()}
    answer = mine.rest.post("/api/uploads", headers=raw)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid")
    assert office.rows("SELECT count(*) FROM files") == before


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Tus-Resumable": "0.2.0"}, 412),
        ({"Content-Type": "text/plain"}, 415),
        ({"Upload-Offset": "-1"}, 400),
        ({"Upload-Offset": "one"}, 400),
        ({"Upload-Offset": str(2**60)}, 400),
        ({"Upload-Checksum": "sha256"}, 400),
        ({"Upload-Checksum": "sha256 !!"}, 400),
        ({"Upload-Checksum": "shake_128 AAAA"}, 400),
    ],
    ids=str,
)
def test_a_part_that_is_none_changes_nothing(mine: Uploader, headers: dict[str, str], status: int) -> None:
    address = mine.begun(5)
    assert mine.part(address, 0, b"abc", **headers).status_code == status
    assert mine.offset(address) == 0
    mine.rest.delete(address, headers=VERSION)


def test_anothers_upload_is_as_absent_as_none(office: Office, mine: Uploader) -> None:
    address = mine.begun(5)
    other = Uploader.of(office, office.some(1)[0])
    for each in (address, address[:-4] + "zzzz", "/api/uploads/..%2f..%2fsendjay.db", "/api/uploads/x"):
        assert other.part(each, 0, b"abc").status_code == 404
        assert other.rest.head(each, headers=VERSION).status_code == 404
        assert other.rest.delete(each, headers=VERSION).status_code == 404
    assert mine.offset(address) == 0


def test_what_a_person_may_use_has_an_end(office: Office, mine: Uploader) -> None:
    assert mine.begin(10_000_001).json()["error"]["code"] == "too_large"
    mine.begun(10_000_000)
    refused = mine.begin(10_000_000)
    assert (refused.status_code, refused.json()["error"]["code"]) == (413, "no_room")
    for _ in range(4):
        mine.begun(1)
    assert mine.begin(1).json()["error"]["code"] == "too_many"
    other = Uploader.of(office, office.some(1)[0])
    other.begun(10_000_000)


def test_names_lead_nowhere(office: Office, mine: Uploader) -> None:
    before = {path for path in office.data.rglob("*") if "files" not in path.parts}
    for name in ("../../../sendjay.db", "/etc/passwd", "..\\..\\x", "\x00", "CON", "a\u202egpj.exe"):
        answer = mine.rest.post("/api/uploads", headers=VERSION | {"Upload-Length": "1"} | named(name))
        mine.part(answer.headers["Location"], 0, b"x")
    assert {path for path in office.data.rglob("*") if "files" not in path.parts} == before
    assert all(path.stat().st_mode & 0o077 == 0 for path in files_of(office))


def test_it_goes_on_working(office: Office) -> None:
    office.check_errors()
