"""What a file is, by what is in it: neither its name nor what its sender says of it counts."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Literal

FileKind = Literal["file", "image", "video"]
LOOKED_AT = 8_192
"""Bytes from the beginning that say it."""
UNKNOWN = "application/octet-stream"
IMAGES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"})
"""What is shown as an image: every browser knows them, and none of them can hold a script that runs."""
VIDEOS = frozenset({"video/mp4", "video/webm", "video/quicktime"})

_BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"%!PS", "application/postscript"),
    (b"\xc5\xd0\xd3\xc6", "application/postscript"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"\x1f\x8b", "application/gzip"),
    (b"BZh", "application/x-bzip2"),
    (b"\xfd7zXZ\x00", "application/x-xz"),
    (b"\x28\xb5\x2f\xfd", "application/zstd"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"EGGA", "application/x-egg"),
    (b"ALZ\x01", "application/x-alz"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"HWP Document File", "application/x-hwp"),
    (b"{\\rtf", "application/rtf"),
    (b"MZ", "application/vnd.microsoft.portable-executable"),
    (b"\x7fELF", "application/x-elf"),
    (b"OggS", "audio/ogg"),
    (b"fLaC", "audio/flac"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
)
_BRANDS = {
    b"qt  ": "video/quicktime",
    b"avif": "image/avif",
    b"avis": "image/avif",
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"heim": "image/heic",
    b"hevc": "image/heic",
    b"mif1": "image/heif",
    b"msf1": "image/heif",
    b"M4A ": "audio/mp4",
    b"M4B ": "audio/mp4",
    b"crx ": "image/x-canon-cr3",
    **dict.fromkeys(
        (b"isom", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"iso7", b"iso8", b"iso9", b"mp41", b"mp42",
         b"avc1", b"dash", b"MSNV", b"mmp4", b"M4V ", b"M4VH", b"M4VP", b"f4v ", b"hvc1", b"av01"),
        "video/mp4",
    ),
}  # fmt: skip
_ZIPPED = {
    b"word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    b"xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    b"ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    b"META-INF/": "application/java-archive",
    b"AndroidManifest.xml": "application/vnd.android.package-archive",
}
_TEXT_CONTROLS = frozenset(range(32)) - frozenset(b"\t\n\r\x0c\x1b")
_MARKUP = (
    b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<iframe", b"<svg", b"<?xml", b"<!--"
)  # fmt: skip


def media_type_of(head: bytes) -> str:
    """The media type, from the first `LOOKED_AT` bytes."""
    for beginning, media_type in _BEGINNINGS:
        # Two letters may as well begin a text.
        if head.startswith(beginning) and (len(beginning) > 2 or _text(head) == UNKNOWN):
            return media_type
    if head[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}.get(
            head[8:12], UNKNOWN
        )
    if head[4:8] == b"ftyp":
        return _boxed(head)
    if head[:4] == b"\x1aE\xdf\xa3":
        return "video/webm" if b"webm" in head[:64] else "video/x-matroska"
    if head[:4] == b"PK\x03\x04":
        return _zipped(head)
    return _text(head)


def kind_of(media_type: str) -> FileKind:
    if media_type in IMAGES:
        return "image"
    return "video" if media_type in VIDEOS else "file"


def is_allowed(media_type: str, types: Sequence[str]) -> bool:
    """`types`: media types, also such as `image/*`; none means all."""
    return not types or any(fnmatchcase(media_type, each.strip().lower()) for each in types)


def _boxed(head: bytes) -> str:
    """MP4 and its relatives: the main brand says it; a vague one leaves it to those that follow."""
    length = min(int.from_bytes(head[:4]), 256)
    brands = [head[8:12], *(head[at : at + 4] for at in range(16, max(16, length), 4))]
    found = [_BRANDS[brand] for brand in brands if brand in _BRANDS]
    if not found:
        return UNKNOWN
    if found[0] == "image/heif" and "image/avif" in found:
        return "image/avif"
    return found[0]


def _zipped(head: bytes) -> str:
    """Documents are archives: what the first entries are called tells which."""
    name_length = int.from_bytes(head[26:28], "little")
    first = head[30 : 30 + name_length]
    if first == b"mimetype":
        start = 30 + name_length + int.from_bytes(head[28:30], "little")
        claimed = head[start : start + int.from_bytes(head[18:22], "little")][:80]
        named = claimed.decode("latin-1")
        if named.isascii() and named.startswith("application/") and named.replace("/", "").isprintable():
            return named if " " not in named else "application/zip"
    for name, media_type in _ZIPPED.items():
        if first.startswith(name):
            return media_type
    if first == b"[Content_Types].xml" or first.startswith(b"_rels/"):
        return next((kind for name, kind in _ZIPPED.items() if name in head), "application/zip")
    return "application/zip"


def _text(head: bytes) -> str:
    """Text is what can be read as such; whether it is a page is only told, for those who allow some kinds."""
    if not head or not _TEXT_CONTROLS.isdisjoint(head):
        return UNKNOWN
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        # A character that the last byte cuts off is no fault.
        if error.start < len(head) - 3 or len(head) < LOOKED_AT:
            return UNKNOWN
    beginning = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    if not beginning.startswith(_MARKUP):
        return "text/plain"
    return "image/svg+xml" if b"<svg" in head.lower() else "text/html"
