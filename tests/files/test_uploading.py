"""Uploads come in parts, go on after any break, and are whole or not there."""

from __future__ import annotations

import base64
import hashlib
import os
import socket
import threading
from collections.abc import Iterator

import pytest

from tests.files.uploading import PART, VERSION, Uploader, files_of
from tests.serving import Office, eventually


@pytest.fixture
def mine(office: Office) -> Iterator[Uploader]:
    uploader = Uploader.of(office, office.some(1)[0])
    yield uploader
    uploader.rest.close()


def state_of(office: Office, file_id: str) -> tuple[str, str, int]:
    ((state, name, size),) = office.rows("SELECT state, name, size FROM files WHERE file_id = ?", file_id)
    return state, name, size


def test_a_file_comes_in_parts_and_is_there_with_the_last(office: Office, mine: Uploader) -> None:
    content = os.urandom(1_000_000)
    address = mine.begun(len(content), "보고서.pdf")
    file_id = address.rpartition("/")[2]
    for start in range(0, len(content), 300_000):
        assert state_of(office, file_id)[0] == "open"
        answer = mine.part(address, start, content[start : start + 300_000])
        assert answer.status_code == 204, answer.text
        assert answer.headers["Tus-Resumable"] == "1.0.0"
        assert int(answer.headers["Upload-Offset"]) == min(start + 300_000, len(content))
    assert state_of(office, file_id) == ("ready", "보고서.pdf", len(content))
    assert [path.read_bytes() for path in files_of(office) if path.name == file_id] == [content]
    assert mine.offset(address) == len(content)


def test_an_empty_file_is_a_file(office: Office, mine: Uploader) -> None:
    file_id = mine.whole(b"")
    assert state_of(office, file_id)[0] == "ready"


def test_what_the_server_can_do_is_told(office: Office, mine: Uploader) -> None:
    answer = mine.rest.options("/api/uploads")
    assert answer.headers["Tus-Version"] == "1.0.0"
    assert {"creation", "creation-with-upload", "termination", "expiration", "checksum"} <= set(
        answer.headers["Tus-Extension"].split(",")
    )
    rules = mine.rest.get("/api/uploads").json()
    assert answer.headers["Tus-Max-Size"] == str(rules["bytes_max"])
    assert rules["part_bytes"] == 4_194_304
    assert "Upload-Expires" in mine.begin(5).headers


def test_a_file_may_come_with_its_beginning(office: Office, mine: Uploader) -> None:
    headers = PART | {"Upload-Length": "5"}
    answer = mine.rest.post("/api/uploads", headers=headers, content=b"hel")
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (201, "3")
    assert mine.part(answer.headers["Location"], 3, b"lo").status_code == 204
    assert state_of(office, answer.headers["Location"].rpartition("/")[2])[0] == "ready"


def test_a_proxy_that_lets_no_patch_through_is_passed(mine: Uploader) -> None:
    address = mine.begun(3)
    headers = PART | {"Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"}
    assert mine.rest.post(address, headers=headers, content=b"abc").status_code == 204


def test_a_part_at_another_place_is_refused_and_changes_nothing(mine: Uploader) -> None:
    address = mine.begun(10)
    mine.part(address, 0, b"abc")
    for offset in (0, 2, 4, 10, 11, 2**52):
        answer = mine.part(address, offset, b"x")
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "conflict")
    assert mine.offset(address) == 3


def test_a_checksum_that_does_not_fit_keeps_nothing_of_its_part(mine: Uploader) -> None:
    address = mine.begun(6)
    for algorithm in ("sha256", "sha1", "md5"):
        digest = base64.b64encode(hashlib.new(algorithm, b"other").digest()).decode()
        answer = mine.part(address, 0, b"abc", **{"Upload-Checksum": f"{algorithm} {digest}"})
        assert answer.status_code == 460
        assert mine.offset(address) == 0
    digest = base64.b64encode(hashlib.sha256(b"abc").digest()).decode()
    assert mine.part(address, 0, b"abc", **{"Upload-Checksum": f"sha256 {digest}"}).status_code == 204
    assert mine.offset(address) == 3
    assert mine.part(address, 3, b"def", **{"Upload-Checksum": "crc32 AAAA"}).status_code == 400


def test_a_given_up_upload_leaves_nothing(office: Office, mine: Uploader) -> None:
    address = mine.begun(10)
    mine.part(address, 0, b"abc")
    ready = mine.whole(b"never sent")
    for each in (address, f"/api/uploads/{ready}"):
        assert mine.rest.delete(each, headers=VERSION).status_code == 204
        assert mine.rest.head(each, headers=VERSION).status_code == 404
        assert mine.part(each, 3, b"x").status_code == 404
        assert not [path for path in files_of(office) if path.name == each.rpartition("/")[2]]


class Halves:
    """A part whose second half waits for the test."""

    def __init__(self, office: Office, mine: Uploader, address: str, first: bytes, whole: int) -> None:
        self.line = socket.create_connection(("127.0.0.1", office.port))
        head = f"PATCH {address} HTTP/1.1\r\nHost: x\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n"
        head += f"Authorization: {mine.rest.headers['Authorization']}\r\nContent-Length: {whole}\r\n"
        head += "Content-Type: application/offset+octet-stream\r\n\r\n"
        self.line.sendall(head.encode() + first)

        self._path = office.data / "files/uploads" / address.rpartition("/")[2]

    def is_being_written(self) -> bool:
        return self._path.exists()

    def answer(self) -> bytes:
        self.line.settimeout(15)
        return self.line.recv(65_536)


def test_two_parts_at_once_do_not_mix(mine: Uploader, office: Office) -> None:
    address = mine.begun(6)
    half = Halves(office, mine, address, b"abc", 6)
    with half.line:
        assert eventually(half.is_being_written)
        assert mine.part(address, 0, b"xyz").status_code == 423
        half.line.sendall(b"def")
        assert half.answer().startswith(b"HTTP/1.1 204")
    assert mine.offset(address) == 6


def test_what_came_before_the_line_broke_stays(mine: Uploader, office: Office) -> None:
    address = mine.begun(1_000_000)
    half = Halves(office, mine, address, b"a" * 400_000, 1_000_000)
    half.line.close()
    assert eventually(lambda: mine.offset(address) > 0)
    offset = mine.offset(address)
    assert 0 < offset <= 400_000
    assert mine.part(address, offset, b"a" * (1_000_000 - offset)).status_code == 204


def test_who_asks_where_it_stands_takes_it_over_from_a_line_that_is_silent(
    mine: Uploader, office: Office
) -> None:
    address = mine.begun(6)
    half = Halves(office, mine, address, b"abc", 6)
    with half.line:
        assert eventually(half.is_being_written)
        assert mine.offset(address) == 3
        assert half.answer().startswith(b"HTTP/1.1 423")
    assert mine.part(address, 3, b"def").status_code == 204


def test_many_files_at_once(office: Office, mine: Uploader) -> None:
    contents = [os.urandom(200_000) for _ in range(8)]
    ids: dict[int, str] = {}

    def upload(number: int) -> None:
        ids[number] = mine.whole(contents[number])

    threads = [threading.Thread(target=upload, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = {path.name: path.read_bytes() for path in files_of(office)}
    assert [kept[ids[number]] for number in range(8)] == contents
