"""Frames are built and taken apart without loss, whatever the pieces they come in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendjay.realtime.frame_reader import FrameError, FrameReader
from sendjay.realtime.frames import close_frame, payloads, text_frame
from tests.realtime.raw_client import client_frame, ping

LIMIT = 1000


class Reader(FrameReader):
    """Writes down what it is told."""

    def __init__(self) -> None:
        super().__init__(LIMIT)
        self.told: list[tuple[str, object]] = []

    def text_received(self, payload: bytes) -> None:
        self.told.append(("text", payload))

    def ping_received(self, payload: bytes) -> None:
        self.told.append(("ping", payload))

    def close_received(self, code: int) -> None:
        self.told.append(("close", code))

    def held(self) -> int:
        return len(self._partial or b"") + len(self._fragments or b"")


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65_535, 65_536, 1_000_000])
def test_a_payload_of_any_length_is_found_again_in_its_frame(size: int) -> None:
    frames = text_frame(b"x" * size) + text_frame(b"next")
    assert list(payloads(frames)) == [b"x" * size, b"next"]


def test_a_close_reason_that_is_too_long_is_cut_between_letters() -> None:
    frame = close_frame(4001, "가" * 60)
    assert frame[:4] == bytes((0x88, 2 + 41 * 3)) + (4001).to_bytes(2)
    assert frame[4:].decode() == "가" * 41


@st.composite
def conversations(draw: st.DrawFn) -> tuple[bytes, list[tuple[str, object]]]:
    """What a client may send, and what must be told of it."""
    stream, told = b"", list[tuple[str, object]]()
    for _ in range(draw(st.integers(0, 5))):
        payload = draw(st.text(max_size=80)).encode()
        cuts = sorted(draw(st.lists(st.integers(0, len(payload)), max_size=3)))
        parts = [payload[a:b] for a, b in zip([0, *cuts], [*cuts, len(payload)], strict=True)]
        for number, part in enumerate(parts):
            stream += client_frame(0 if number else 1, part, fin=number == len(parts) - 1)
            if draw(st.booleans()) and number < len(parts) - 1:
                stream += ping(part[:125])
                told.append(("ping", part[:125]))
        told.append(("text", payload))
    return stream, told


@given(conversations(), st.data())
def test_what_is_read_does_not_depend_on_how_the_bytes_arrive(
    conversation: tuple[bytes, list[tuple[str, object]]], data: st.DataObject
) -> None:
    stream, told = conversation
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=12)))
    reader = Reader()
    for start, stop in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        reader.feed(stream[start:stop])
    assert reader.told == told
    assert reader.held() == 0


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_no_bytes_whatever_do_more_than_end_the_connection(pieces: list[bytes]) -> None:
    reader = Reader()
    for piece in pieces:
        try:
            reader.feed(piece)
        except FrameError:
            break
        assert reader.held() <= 2 * LIMIT + 14 + 300
