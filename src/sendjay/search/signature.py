"""A block's signature: a Bloom filter of its pieces. What it does not have is not in the block."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from zlib import crc32

BITS_A_PIECE = 12
"""With three bits set for each piece, one block in a hundred or so is looked through for nothing."""
BYTES_LEAST = 512
BYTES_MOST = 32_768
_SPREAD = 0x9E3779B97F4A7C15
_MASK = 2**64 - 1


def signature_of(pieces: Collection[str]) -> bytes:
    size = BYTES_LEAST
    while size < BYTES_MOST and size * 8 < BITS_A_PIECE * len(pieces):
        size *= 2
    return with_pieces(bytes(size), pieces)


def with_pieces(signature: bytes, pieces: Iterable[str]) -> bytes:
    """The signature of what it had and these too."""
    bits = bytearray(signature)
    mask = len(bits) * 8 - 1
    for piece in pieces:
        spread = crc32(piece.encode()) * _SPREAD & _MASK
        for at in (spread >> 45, spread >> 26, spread >> 7):
            at &= mask
            bits[at >> 3] |= 1 << (at & 7)
    return bytes(bits)


class Sought:
    """Pieces that are looked for; where they stand is worked out once for each size of signature."""

    def __init__(self, pieces: Iterable[str]) -> None:
        self._pieces = sorted(pieces)
        self._places: dict[int, list[tuple[int, int]]] = {}

    def may_be_in(self, signature: bytes) -> bool:
        size = len(signature)
        places = self._places.get(size)
        if places is None:
            only = with_pieces(bytes(size), self._pieces)
            places = self._places[size] = [(at, byte) for at, byte in enumerate(only) if byte]
        return all(signature[at] & byte == byte for at, byte in places)
