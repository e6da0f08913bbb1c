"""Which link of a text is looked at, and what a page says of itself."""

from __future__ import annotations

import codecs
import re
import unicodedata
from html.parser import HTMLParser
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from sendjay.protocol.objects import Preview

URL_LENGTH = 2_000
TITLE_LENGTH, TEXT_LENGTH, SITE_LENGTH = 160, 280, 80
_PICTURES = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")
_LINK = re.compile(r"https?://[^\s<>\"'`{}|\\^\x00-\x1f]{1,2000}", re.IGNORECASE)
_TRAILING = re.compile(r"[.,;:!?…·~)\]}>」』”’]+$")
_CLOSING = re.compile(rb"</head\s*>|<body[\s>]", re.IGNORECASE)


def first_link(text: str) -> str | None:
    """The first address in a text that a page may stand behind."""
    for found in _LINK.finditer(text):
        url = _TRAILING.sub("", found.group())
        try:
            parts = urlsplit(url)
            host = parts.hostname
        except ValueError:
            continue
        # A name and a password in it are somebody's own: they are not tried out.
        if host and "@" not in parts.netloc and len(url) <= URL_LENGTH:
            return url
    return None


def has_head(page: bytes | bytearray, since: int) -> bool:
    """Does its end lie behind this place?"""
    return _CLOSING.search(page, since) is not None


def head_of(page: bytes) -> bytes:
    """Of a page that may be long, the part that says what it is."""
    found = _CLOSING.search(page)
    return page[: found.start()] if found else page


class Page(NamedTuple):
    """What a page says of itself, and where the picture is that it would be shown with; empty: nowhere."""

    preview: Preview
    picture: str


def read_page(url: str, at: str, page: bytes, charset: str) -> Page | None:
    """None where the page says nothing of itself. `at`: where it was in the end."""
    reader = _Head()
    try:
        reader.feed(head_of(page).decode(_known(charset), errors="replace"))
    except (AssertionError, ValueError):
        return None
    told = reader.told
    title = _clean(told.get("og:title") or told.get("twitter:title") or reader.title, TITLE_LENGTH)
    if not title:
        return None
    text = _clean(told.get("og:description") or told.get("description") or "", TEXT_LENGTH)
    site = _clean(told.get("og:site_name") or urlsplit(url).hostname or "", SITE_LENGTH)
    named = next(filter(None, map(told.get, _PICTURES)), "")
    return Page(Preview(url, title, text, site), _address(at, named))


def _address(at: str, named: str) -> str:
    try:
        url = urljoin(at, named.strip()) if named.strip() else ""
    except ValueError:
        return ""
    return url if url.startswith(("https://", "http://")) and len(url) <= URL_LENGTH else ""


class _Head(HTMLParser):
    """Reads the title and what is said by meta elements."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.told: dict[str, str] = {}
        self.title = ""
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "title" and not self.title:
            self._in_title = True
        if tag != "meta":
            return
        given = dict(attrs)
        name = (given.get("property") or given.get("name") or "").lower()
        if name and name not in self.told and len(self.told) < 64:
            self.told[name] = given.get("content") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data[:TITLE_LENGTH]


def _clean(text: str, length: int) -> str:
    """One line, without what changes the direction of what follows or cannot be seen."""
    shown = "".join(
        " " if each.isspace() else each
        for each in text[: 8 * length]
        if each.isspace() or unicodedata.category(each)[0] != "C"
    )
    line = unicodedata.normalize("NFC", " ".join(shown.split()))
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def _known(charset: str) -> str:
    try:
        return codecs.lookup(charset or "utf-8").name
    except (LookupError, ValueError):
        return "utf-8"
