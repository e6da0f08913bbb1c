"""Files that are not what they seem, and people who ask for what is not theirs."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Iterator

import pytest

from tests.files.uploading import PNG, Uploader
from tests.serving import Office

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(document.cookie)</script>"
GIF_AND_SCRIPT = b"GIF89a/*" + b"\x00" * 20 + b"*/=1;alert(1)//"
PDF = b"%PDF-1.7\n1 0 obj << /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>"
EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n(%pipe%id) (r) file"


def zip_bomb() -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("0", b"\0" * 20_000_000)
    return kept.getvalue()


DECEIVING = {
    "svg.png": (SVG, "image/svg+xml"),
    "svg with a prologue.jpg": (b'<?xml version="1.0"?>\n<!-- x -->' + SVG, "image/svg+xml"),
    "page.png": (HTML, "application/octet-stream"),
    "page behind blanks.gif": (b"\xef\xbb\xbf \r\n" + HTML, "application/octet-stream"),
    "script.js.png": (b"alert(1)", "application/octet-stream"),
    "pdf.png": (PDF, "application/pdf"),
    "eps.png": (EPS, "application/postscript"),
    "program.jpg": (b"MZ\x90\x00" + b"\x00" * 60, "application/vnd.microsoft.portable-executable"),
    "zip.png": (zip_bomb(), "application/zip"),
    "gzip.png": (gzip.compress(b"\0" * 20_000_000), "application/gzip"),
    "nothing.png": (b"", "application/octet-stream"),
    "noise.webp": (b"RIFF\x00\x00\x00\x00XXXX", "application/octet-stream"),
    "box.avif": (b"\x00\x00\x00\x18ftypevil" + b"\x00" * 12, "application/octet-stream"),
}


@pytest.fixture
def mine(office: Office) -> Iterator[Uploader]:
    uploader = Uploader.of(office, office.some(1)[0])
    yield uploader
    uploader.rest.close()


@pytest.mark.parametrize("name", DECEIVING)
def test_what_only_calls_itself_an_image_is_saved_and_never_run(mine: Uploader, name: str) -> None:
    content, media_type = DECEIVING[name]
    answer = mine.rest.get(f"/api/files/{mine.whole(content, name)}")
    assert answer.content == content
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Content-Type"] == media_type
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_what_is_an_image_and_something_else_is_shown_as_an_image_alone(mine: Uploader) -> None:
    for content in (GIF_AND_SCRIPT, PNG + HTML, b"\xff\xd8\xff\xe0" + HTML):
        answer = mine.rest.get(f"/api/files/{mine.whole(content, 'page.html')}")
        assert answer.headers["Content-Type"] in ("image/gif", "image/png", "image/jpeg")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"


@pytest.mark.parametrize(
    "name",
    [
        'a"; filename="evil.exe',
        "a\r\nX-Evil: 1",
        "photo\u202egpj.exe",
        "..\\..\\evil.dll",
        "%0d%0aX: y",
        "a;b='c",
    ],
)
def test_no_name_changes_the_answer(mine: Uploader, name: str) -> None:
    answer = mine.rest.get(f"/api/files/{mine.whole(b'text', name)}")
    told = answer.headers["Content-Disposition"]
    assert "X-Evil" not in answer.headers
    assert told.count('"') == 2
    assert told.isascii()
    assert "\\" not in told
    assert "%E2%80%AE" not in told


@pytest.mark.parametrize(
    "asked",
    [
        "bytes=" + ",".join(f"{n}-{n}" for n in range(2000)),
        "bytes=0-1,5-6",
        "bytes=5-2",
        "bytes=-",
        "bytes=--1",
        "bytes=a-b",
        "bytes=0-" + "9" * 60,
        "bytes=" + "9" * 60 + "-",
        "bytes=٠-١",
        "items=0-1",
        "",
    ],
    ids=lambda asked: asked[:20],
)
def test_a_range_that_is_none_is_passed_over(mine: Uploader, asked: str) -> None:
    address = f"/api/files/{mine.whole(b'0123456789')}"
    answer = mine.rest.get(address, headers={"Range": asked.encode()})
    assert (answer.status_code, answer.content) == (200, b"0123456789")


@pytest.mark.parametrize("asked", ["bytes=10-", "bytes=10-20", "bytes=999999999999999999-", "bytes=-0"])
def test_a_range_beyond_the_end_says_where_the_end_is(mine: Uploader, asked: str) -> None:
    address = f"/api/files/{mine.whole(b'0123456789')}"
    answer = mine.rest.get(address, headers={"Range": asked})
    assert (answer.status_code, answer.content) == (416, b"")
    assert answer.headers["Content-Range"] == "bytes */10"


def test_anothers_file_and_none_are_the_same(office: Office, mine: Uploader) -> None:
    file_id = mine.whole(b"a secret")
    unfinished = mine.begun(5).rpartition("/")[2]
    other = Uploader.of(office, office.some(1)[0])
    told = {
        (answer.status_code, answer.content)
        for each in (file_id, file_id[:-4] + "zzzz", unfinished, "..", "%2e%2e%2fsendjay.db", "x" * 60)
        for answer in (other.rest.get(f"/api/files/{each}"),)
    }
    assert len(told) == 1
    assert {status for status, _ in told} == {404}
    assert mine.rest.get(f"/api/files/{unfinished}").status_code == 404


def test_it_goes_on_working(office: Office) -> None:
    office.check_errors()
