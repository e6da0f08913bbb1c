"""A file comes back as it was sent: whole or in part, kept by browsers only as long as it may be seen."""

from __future__ import annotations

import os
from collections.abc import Iterator
from urllib.parse import quote

import httpx
import pytest

from tests.files.uploading import PNG, Uploader
from tests.serving import Office

CONTENT = os.urandom(1_500_000)


@pytest.fixture
def mine(office: Office) -> Iterator[Uploader]:
    uploader = Uploader.of(office, office.some(1)[0])
    yield uploader
    uploader.rest.close()


@pytest.fixture
def address(mine: Uploader) -> str:
    return f"/api/files/{mine.whole(CONTENT, '보고서 1.bin')}"


def test_it_is_whole(mine: Uploader, address: str) -> None:
    answer = mine.rest.get(address)
    assert answer.status_code == 200
    assert answer.content == CONTENT
    head = mine.rest.head(f"{address}/any name.bin")
    assert head.status_code == 200
    assert head.headers["Content-Length"] == str(len(CONTENT))
    assert head.headers["ETag"] == answer.headers["ETag"]
    assert head.headers["Accept-Ranges"] == "bytes"


def test_an_empty_one_is_empty(mine: Uploader) -> None:
    answer = mine.rest.get(f"/api/files/{mine.whole(b'')}")
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-", 0, 1_500_000),
        ("bytes=100-199", 100, 200),
        ("bytes=700000-", 700_000, 1_500_000),
        ("bytes=-1", 1_499_999, 1_500_000),
        ("bytes=-9999999", 0, 1_500_000),
        ("bytes=1499999-99999999", 1_499_999, 1_500_000),
        ("BYTES = 5-6", None, None),
    ],
)
def test_a_part_of_it(mine: Uploader, address: str, asked: str, start: int | None, end: int | None) -> None:
    answer = mine.rest.get(address, headers={"Range": asked})
    if start is None:
        assert (answer.status_code, answer.content) == (200, CONTENT)
        return
    assert answer.status_code == 206
    assert answer.content == CONTENT[start:end]
    assert answer.headers["Content-Range"] == f"bytes {start}-{end - 1}/1500000"


def test_a_part_only_of_what_is_held_already(mine: Uploader, address: str) -> None:
    tag = mine.rest.head(address).headers["ETag"]
    same = mine.rest.get(address, headers={"Range": "bytes=1-2", "If-Range": tag})
    assert (same.status_code, same.content) == (206, CONTENT[1:3])
    for other in ('"other"', f"W/{tag}", "Wed, 25 Nov 2026 07:34:13 GMT"):
        assert mine.rest.get(address, headers={"Range": "bytes=1-2", "If-Range": other}).status_code == 200


def test_what_is_held_already_does_not_come_again(mine: Uploader, address: str) -> None:
    first = mine.rest.get(address)
    assert first.headers["Cache-Control"] == "private, no-cache"
    for held in (first.headers["ETag"], f'"x", W/{first.headers["ETag"]}'):
        again = mine.rest.get(address, headers={"If-None-Match": held})
        assert (again.status_code, again.content) == (304, b"")


def test_it_has_the_name_it_was_given(mine: Uploader, address: str) -> None:
    told = mine.rest.head(address).headers["Content-Disposition"]
    assert told == f"attachment; filename=\"___ 1.bin\"; filename*=UTF-8''{quote('보고서 1.bin')}"


def test_an_image_is_shown_unless_it_is_to_be_saved(mine: Uploader) -> None:
    address = f"/api/files/{mine.whole(PNG, 'a.png')}"
    shown = mine.rest.get(address)
    assert shown.headers["Content-Type"] == "image/png"
    assert shown.headers["Content-Disposition"].startswith("inline;")
    assert mine.rest.get(f"{address}?download").headers["Content-Disposition"].startswith("attachment;")


def test_pages_with_a_cookie_get_it(office: Office, mine: Uploader, address: str) -> None:
    token = mine.rest.headers["Authorization"].removeprefix("Bearer ")
    answer = httpx.get(office.url + address, headers={"Cookie": f"sendjay_access={token}"}, trust_env=False)
    assert answer.content == CONTENT
