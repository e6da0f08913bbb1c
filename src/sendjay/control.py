"""The local socket by which the command line changes a running server: one JSON line in, one JSON line out.

Only the account that runs the server can open it (mode 0600, in the data folder); nothing more is asked.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import struct
from collections.abc import Awaitable, Callable, Generator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import structlog

from sendjay.protocol.errors import Code, Refused

log = structlog.get_logger(__name__)

NAME = "control.sock"
LINE_BYTES = 4_194_304
CALL_SECONDS = 60
_PATH_BYTES = 100
"""A little under what the address of a Unix socket may have."""

Arguments = dict[str, Any]
Handler = Callable[[Arguments], Awaitable[Any]]
"""Gets the call's arguments as decoded JSON; its result goes back as JSON. May raise Refused."""


class NotRunning(Exception):
    """No server listens here."""


class _Call(msgspec.Struct):
    do: str
    with_: Arguments = msgspec.field(name="with", default_factory=dict[str, Any])


class _Answer(msgspec.Struct, omit_defaults=True):
    ok: Any = None
    code: str = ""
    message: str = ""


@contextlib.contextmanager
def control_listener(folder: Path) -> Generator[socket.socket]:
    """The socket of this installation, bound. Raises OSError when another server listens here already."""
    path = folder / NAME
    if _is_answered(path):
        raise FileExistsError(f"Another server is running in {folder}.")
    with contextlib.suppress(FileNotFoundError):
        path.unlink()
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        with _address(path) as address:
            listener.bind(address)
            # Before it listens: nobody else gets in first.
            os.chmod(address, 0o600)
        try:
            yield listener
        finally:
            with contextlib.suppress(FileNotFoundError):
                path.unlink()


class ControlSocket:
    """The server's side. Where several workers listen on one socket, any of them answers."""

    def __init__(self, listener: socket.socket, handlers: Mapping[str, Handler]) -> None:
        self._listener = listener
        self._handlers = handlers
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        self._server = await asyncio.start_unix_server(self._serve, sock=self._listener, limit=LINE_BYTES)

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                writer.write(msgspec.json.encode(await self._answer(line)) + b"\n")
                await writer.drain()
        except (ConnectionError, ValueError):
            log.warning("control.broken_off")
        finally:
            writer.close()

    async def _answer(self, line: bytes) -> _Answer:
        try:
            call = msgspec.json.decode(line, type=_Call)
            handler = self._handlers.get(call.do)
            if handler is None:
                raise Refused(Code.UNKNOWN_COMMAND)
            return _Answer(ok=await handler(call.with_))
        except Refused as refused:
            return _Answer(code=refused.code.value, message=refused.message)
        except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
            return _Answer(code=Code.INVALID.value, message=str(error))
        except Exception as error:
            log.error("control.failed", error=type(error).__name__)
            return _Answer(code=Code.INTERNAL.value, message=Refused(Code.INTERNAL).message)


class ControlConnection:
    """The command line's side. Raises NotRunning where no server listens."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.settimeout(CALL_SECONDS)
        try:
            with _address(path) as address:
                self._socket.connect(address)
        except (FileNotFoundError, ConnectionRefusedError):
            self._socket.close()
            raise NotRunning from None
        self._file = self._socket.makefile("rb")

    def call(self, do: str, arguments: Arguments) -> Any:
        """The handler's result. Raises Refused with the server's words, OSError when it goes away."""
        self._socket.sendall(msgspec.json.encode(_Call(do, arguments)) + b"\n")
        line = self._file.readline()
        if not line:
            raise ConnectionResetError("The server went away.")
        answer = msgspec.json.decode(line, type=_Answer)
        if answer.code:
            raise Refused(Code(answer.code), answer.message)
        return answer.ok

    def pid(self) -> int:
        """The server's process."""
        told = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        return struct.unpack("3i", told)[0]

    def close(self) -> None:
        self._file.close()
        self._socket.close()


def pid_behind(path: Path) -> int:
    """The process of the server that listens here. Raises NotRunning, OSError where it may not be asked."""
    connection = ControlConnection(path)
    try:
        return connection.pid()
    finally:
        connection.close()


def _is_answered(path: Path) -> bool:
    try:
        ControlConnection(path).close()
    except NotRunning:
        return False
    return True


@contextlib.contextmanager
def _address(path: Path) -> Generator[str]:
    """The path, or a short way to it: a socket's address has room for some hundred bytes only."""
    if len(os.fsencode(path)) <= _PATH_BYTES:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
