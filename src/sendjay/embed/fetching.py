"""Getting the portal's keys: a file, or one answer of a web server. Bounded in size and time."""

from __future__ import annotations

import asyncio
import io
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast
from urllib.parse import SplitResult, urlsplit

if TYPE_CHECKING:
    from socket import socket

FETCH_SECONDS = 5.0
FETCH_BYTES = 131_072

Data = TypeVar("Data", bytes, bytearray)


async def fetch(address: str) -> bytes:
    """What is at this address (https, http) or in this file.

    Raises OSError (a time-out too) when it cannot be had, ValueError when it is too large or no good answer.
    Redirects are not followed: the keys are where the administrator said, or nowhere.
    """
    async with asyncio.timeout(FETCH_SECONDS):
        if address.startswith(("https://", "http://")):
            return await _get(urlsplit(address))
        return await asyncio.to_thread(_read_file, Path(address))


def _read_file(path: Path) -> bytes:
    with path.open("rb") as file:
        return _bounded(file.read(FETCH_BYTES + 1))


async def _get(address: SplitResult) -> bytes:
    is_https = address.scheme == "https"
    port = address.port or (443 if is_https else 80)
    reader, writer = await asyncio.open_connection(address.hostname, port, ssl=True if is_https else None)
    try:
        target = (address.path or "/") + (f"?{address.query}" if address.query else "")
        host = address.netloc.rpartition("@")[2]
        head = (
            f"GET {target} HTTP/1.1\r\nHost: {host}\r\nAccept: application/json\r\nConnection: close\r\n\r\n"
        )
        writer.write(head.encode("ascii"))
        received = bytearray()
        while chunk := await reader.read(65_536):
            received += chunk
            _bounded(received)
    finally:
        writer.close()
    return _body(bytes(received))


def _body(received: bytes) -> bytes:
    try:
        answer = HTTPResponse(cast("socket", _Received(received)))
        answer.begin()
        if answer.status != 200:
            raise ValueError(f"the answer is {answer.status}")
        return answer.read()
    except HTTPException as error:
        raise ValueError(f"the answer cannot be read: {error!r}") from None


class _Received:
    """A whole answer, in the one way in which the standard library's parser reads it."""

    def __init__(self, received: bytes) -> None:
        self._received = received

    def makefile(self, _mode: str) -> io.BytesIO:
        return io.BytesIO(self._received)


def _bounded(data: Data) -> Data:
    if len(data) > FETCH_BYTES:
        raise ValueError(f"there are more than {FETCH_BYTES} bytes")
    return data
