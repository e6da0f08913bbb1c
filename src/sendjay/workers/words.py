"""What supervisor and workers say to each other: JSON objects, one a line.

After an update the workers may be of a newer version than their supervisor: a word that somebody does not
know is passed over.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any, TypeVar

import msgspec

LINE_BYTES = 33_554_432
"""The figures of all workers come as one line."""


class Ready(msgspec.Struct, tag="ready"):
    """I serve."""


class Beat(msgspec.Struct, tag="beat"):
    """My event loop turns."""


class MyFigures(msgspec.Struct, tag="my_figures"):
    text: str


class WantFigures(msgspec.Struct, tag="want_figures"):
    """Somebody asked me for all workers' figures."""


class Retire(msgspec.Struct, tag="retire"):
    """Take nobody in any more; who is there stays."""


class Stop(msgspec.Struct, tag="stop"):
    """End in order; `notice`: a load balancer is to see it first."""

    notice: bool = False


class TellFigures(msgspec.Struct, tag="tell_figures"):
    """What are yours?"""


class AllFigures(msgspec.Struct, tag="all_figures"):
    """By the number of the worker."""

    texts: dict[int, str]


FromWorker = Ready | Beat | MyFigures | WantFigures
ToWorker = Retire | Stop | TellFigures | AllFigures
Word = TypeVar("Word")

_encode = msgspec.json.Encoder().encode


def line(word: FromWorker | ToWorker) -> bytes:
    return _encode(word) + b"\n"


async def words(reader: asyncio.StreamReader, kind: type[Word] | Any) -> AsyncIterator[Word]:
    """All that are understood, until the other side is gone."""
    decoder = msgspec.json.Decoder(kind)
    while said := await _line(reader):
        try:
            yield decoder.decode(said)
        except msgspec.MsgspecError:
            continue


async def _line(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readline()
    except (ConnectionError, ValueError):
        return b""
