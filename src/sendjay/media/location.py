"""Taking where it was made out of a picture or a film, in place: not a pixel and not a byte of its length
changes.

JPEG, PNG, WebP and AVIF keep it in a block called EXIF, some programs also in one called XMP. The block's
directory of places (GPS IFD, Exif 2.32 section 4.6.3) is emptied. A block that cannot be read is blanked as a
whole: what we do not understand, others might.
"""

from __future__ import annotations

import struct
import zlib
from typing import BinaryIO

from sendjay.media.boxes import items, places_of_film

_GPS_POINTER = 0x8825
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}
_EXIF_HEAD = b"Exif\x00\x00"
_XMP_HEAD = b"http://ns.adobe.com/xap/1.0/\x00"
_BLOCKS_MOST = 4_096
FILMS = frozenset({"video/mp4", "video/quicktime"})


def remove_location(file: BinaryIO, media_type: str) -> bool:
    """`file` is open for reading and writing; whether anything was changed."""
    if media_type == "image/jpeg":
        return _in_jpeg(file)
    if media_type == "image/png":
        return _in_png(file)
    if media_type == "image/webp":
        return _in_webp(file)
    if media_type == "image/avif":
        return _in_avif(file)
    return _in_film(file) if media_type in FILMS else False


def _in_avif(file: BinaryIO) -> bool:
    try:
        found = items(file)
    except (ValueError, IndexError, struct.error):
        return False
    changed = False
    for kind, span in found:
        changed |= _change(file, span.start, span.length, _avif_exif if kind == b"Exif" else _xmp)
    return changed


def _avif_exif(block: bytes) -> bytes:
    """Before it stands how far its beginning is (ISO/IEC 23008-12 section A.2.1)."""
    head = 4 + int.from_bytes(block[:4])
    return block[:head] + without_place(block[head:]) if head < len(block) else bytes(len(block))


def _in_film(file: BinaryIO) -> bool:
    try:
        said, values = places_of_film(file)
    except (ValueError, IndexError, struct.error):
        return False
    changed = False
    for span in said:
        changed |= _change(file, span.start, span.length, _freed)
    for span in values:
        changed |= _change(file, span.start, span.length, _blanked)
    return changed


def _freed(box: bytes) -> bytes:
    """Zeros would be a place, too: off the coast of Ghana."""
    return b"free" + bytes(len(box) - 4)


def _blanked(block: bytes) -> bytes:
    return bytes(len(block))


def without_place(block: bytes) -> bytes:
    """A TIFF block (EXIF without its head) of the same length."""
    try:
        return _emptied(block)
    except (struct.error, IndexError, ValueError, KeyError):
        return bytes(len(block))


def _emptied(block: bytes) -> bytes:
    order = {b"II": "<", b"MM": ">"}[block[:2]]
    changed = bytearray(block)
    at = struct.unpack_from(f"{order}I", block, 4)[0]
    for index in range(struct.unpack_from(f"{order}H", block, at)[0]):
        entry = at + 2 + index * 12
        tag, _, _, value = struct.unpack_from(f"{order}HHII", block, entry)
        if tag == _GPS_POINTER:
            _blank(changed, block, value, order)
    return bytes(changed)


def _blank(changed: bytearray, block: bytes, at: int, order: str) -> None:
    count = struct.unpack_from(f"{order}H", block, at)[0]
    for index in range(count):
        entry = at + 2 + index * 12
        _, kind, many, value = struct.unpack_from(f"{order}HHII", block, entry)
        size = _SIZES[kind] * many
        if size > 4:
            if value + size > len(block):
                raise ValueError
            changed[value : value + size] = bytes(size)
    changed[at : at + 2 + count * 12] = bytes(2 + count * 12)


def _in_jpeg(file: BinaryIO) -> bool:
    changed = False
    file.seek(2)
    for _ in range(_BLOCKS_MOST):
        head = file.read(4)
        if len(head) < 4 or head[0] != 0xFF or head[1] in (0xDA, 0xD9):
            break
        start, length = file.tell(), int.from_bytes(head[2:]) - 2
        if head[1] == 0xE1 and length > 0:
            changed |= _change(file, start, length, _jpeg_block)
        file.seek(start + length)
    return changed


def _jpeg_block(block: bytes) -> bytes:
    if block.startswith(_EXIF_HEAD):
        return _EXIF_HEAD + without_place(block[len(_EXIF_HEAD) :])
    if block.startswith(_XMP_HEAD):
        return _XMP_HEAD + _xmp(block[len(_XMP_HEAD) :])
    return block


def _xmp(block: bytes) -> bytes:
    return b" " * len(block) if b"GPS" in block or b"Location" in block else block


def _in_png(file: BinaryIO) -> bool:
    changed = False
    file.seek(8)
    for _ in range(_BLOCKS_MOST):
        head = file.read(8)
        if len(head) < 8 or head[4:] == b"IEND":
            break
        start, length = file.tell(), int.from_bytes(head[:4])
        if head[4:] in (b"eXIf", b"iTXt"):
            make = without_place if head[4:] == b"eXIf" else _png_text
            if _change(file, start, length, make):
                file.seek(start)
                checksum = zlib.crc32(file.read(length), zlib.crc32(head[4:]))
                file.write(checksum.to_bytes(4))
                changed = True
        file.seek(start + length + 4)
    return changed


def _png_text(block: bytes) -> bytes:
    if not block.startswith(b"XML:com.adobe.xmp\x00"):
        return block
    name = len(b"XML:com.adobe.xmp\x00") + 4
    return block[:name] + _xmp(block[name:])


def _in_webp(file: BinaryIO) -> bool:
    changed = False
    file.seek(12)
    for _ in range(_BLOCKS_MOST):
        head = file.read(8)
        if len(head) < 8:
            break
        start, length = file.tell(), int.from_bytes(head[4:], "little")
        if head[:4] == b"EXIF":
            changed |= _change(file, start, length, _webp_exif)
        elif head[:4] == b"XMP ":
            changed |= _change(file, start, length, _xmp)
        file.seek(start + length + length % 2)
    return changed


def _webp_exif(block: bytes) -> bytes:
    head = _EXIF_HEAD if block.startswith(_EXIF_HEAD) else b""
    return head + without_place(block[len(head) :])


def _change(file: BinaryIO, start: int, length: int, make: object) -> bool:
    file.seek(start)
    block = file.read(min(length, 16_000_000))
    made = make(block)  # pyright: ignore[reportCallIssue]
    if made == block:
        return False
    file.seek(start)
    file.write(made)
    return True
