"""From a frame to the handler of its command.

Decoding is strict: unknown fields, NaN, wrong types, keys said twice and nesting without end are refused with
a typed error. Handlers are registered by the features; this file knows none of them.
"""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import msgspec
import structlog

from sendjay.protocol.commands import AnyCommand, Command, Hello, Place, PlaceTake, Sync, SyncRequest
from sendjay.protocol.errors import Code, Refused
from sendjay.realtime.measures import COMMANDS
from sendjay.realtime.session import Session

log = structlog.get_logger(__name__)

C = TypeVar("C", bound=Command)
Handler = Callable[[Session, Any], Awaitable[object]]
DirectHandler = Callable[[Session, Any], object | None]

_decode = msgspec.json.Decoder(AnyCommand).decode
_decode_loosely = msgspec.json.Decoder().decode
_SHAPES: dict[type, Shape] = {}
_WITHIN: dict[type, tuple[type, ...]] = {Hello: (SyncRequest, Place), PlaceTake: (SyncRequest,)}
"""The objects that a command may hold."""


class Dispatcher:
    """Which handler does which command."""

    def __init__(self) -> None:
        self._handlers: dict[type[Command], Handler] = {}
        self._direct: dict[type[Command], DirectHandler] = {}
        self._names: dict[type[Command], str] = {}

    def on(self, kind: type[C], handler: Callable[[Session, C], Awaitable[object]]) -> None:
        """`handler` waits for something and returns the answer, or raises Refused."""
        self._handlers[kind] = handler
        self._names[kind] = str(kind.__struct_config__.tag)

    def on_now(self, kind: type[C], handler: Callable[[Session, C], object | None]) -> None:
        """`handler` does not wait: it returns the answer, or None where it answers and counts by itself."""
        self._direct[kind] = handler
        self._names[kind] = str(kind.__struct_config__.tag)

    def commands(self) -> frozenset[str]:
        """The tags of all commands somebody handles."""
        return frozenset(self._names.values())

    def decode(self, payload: bytes) -> Command:
        """The command in a frame. Raises Refused: malformed, unknown_command, too_long or invalid."""
        try:
            command: Command = _decode(payload)
        except msgspec.ValidationError as error:
            raise _explain(payload, error) from None
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            # RecursionError: nesting without end is stopped by the decoder, not by the stack.
            raise Refused(Code.MALFORMED) from None
        if _may_repeat_keys(command, payload):
            _refuse_repeated_keys(payload)
        return command

    def find_id(self, payload: bytes) -> int | None:
        """The id in a frame that was refused, if it can still be told."""
        found = _loosely(payload)
        identifier = found.get("id") if isinstance(found, dict) else None
        return identifier if type(identifier) is int and 0 <= identifier < 2**53 else None

    def handle(self, session: Session, command: Command) -> None:
        direct = self._direct.get(type(command))
        if direct is not None:
            self._answer_now(session, command, direct)
        elif session.is_crowded():
            self.refuse(session, command, Refused(Code.RATE_LIMITED, retry_after_ms=200))
        else:
            session.run(self._answer(session, command))

    def refuse(self, session: Session, command: Command, refused: Refused) -> None:
        self.count(command, str(refused.code))
        session.refuse(command.id, refused)

    def _answer_now(self, session: Session, command: Command, handler: DirectHandler) -> None:
        began = time.perf_counter()
        try:
            answer = handler(session, command)
        except Refused as refused:
            self.refuse(session, command, refused)
        except Exception:
            log.exception("command.failed", cmd=self._names[type(command)])
            self.refuse(session, command, Refused(Code.INTERNAL))
        else:
            if answer is not None:
                self.count(command, "ok", began)
                session.answer(command, answer)

    async def _answer(self, session: Session, command: Command) -> None:
        began = time.perf_counter()
        try:
            answer = await self._handlers[type(command)](session, command)
        except Refused as refused:
            self.refuse(session, command, refused)
        except Exception:
            log.exception("command.failed", cmd=self._names[type(command)])
            self.refuse(session, command, Refused(Code.INTERNAL))
        else:
            self.count(command, "ok", began)
            if answer is not None:
                session.answer(command, answer)

    def count(self, command: Command, result: str, began: float | None = None) -> None:
        """One command more with this result; `began`: since when it was at work, by `time.perf_counter`."""
        name = self._names[type(command)]
        COMMANDS.count(name, result)
        if began is not None:
            COMMANDS.took(name, time.perf_counter() - began)


def _explain(payload: bytes, error: msgspec.ValidationError) -> Refused:
    text = str(error)
    found = _loosely(payload)
    if not isinstance(found, dict):
        return Refused(Code.MALFORMED)
    if text.endswith(("`$.body`", "`$.text`")) and "length <=" in text:
        return Refused(Code.TOO_LONG)
    if "Invalid value" in text and text.endswith("`$.cmd`"):
        return Refused(Code.UNKNOWN_COMMAND)
    return Refused(Code.INVALID, text)


def _loosely(payload: bytes) -> Any:
    try:
        return _decode_loosely(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass
    try:
        # A browser writes half an emoji as an escape that the strict decoder will not read; its sender still
        # has to learn which command was refused.
        return json.loads(payload)
    except (ValueError, RecursionError):
        return None


class Shape:
    """The keys of one kind of command, as they show in a frame."""

    __slots__ = ("keys", "pairs")

    def __init__(self, kind: type[Command]) -> None:
        objects = (kind, *_WITHIN.get(kind, ()))
        fields = [field for each in objects for field in msgspec.structs.fields(each)]
        names = ("cmd", *(field.encode_name for field in fields))
        self.keys = tuple(f'"{name}"'.encode() for name in names)
        self.pairs = len(names) if all(field.required for field in fields) else 0
        """How many pairs of key and value a frame holds at least; 0: some may be left out."""


def _may_repeat_keys(command: Command, payload: bytes) -> bool:
    """A cheap test that is never wrong when it says no: a key said twice shows twice, or is written in
    escapes.
    """
    kind = type(command)
    shape = _SHAPES.get(kind)
    if shape is None:
        shape = _SHAPES[kind] = Shape(kind)
    count = payload.count
    # Each pair has a colon, and all pairs are there: without one colon more there is no pair more.
    if shape.pairs and count(b":") == shape.pairs:
        return False
    held = command if isinstance(command, Sync) else None
    if isinstance(command, Hello | PlaceTake):
        held = command.sync
    # Each room brings one bracket; a room said twice shows as one too many, and so does a bracket in a text.
    if b"\\u" in payload or (held is not None and count(b"[") != len(held.rooms)):
        return True
    return any(count(key) > 1 for key in shape.keys)


def _refuse_repeated_keys(payload: bytes) -> None:
    def check(pairs: list[tuple[str, object]]) -> None:
        if len({key for key, _ in pairs}) != len(pairs):
            raise Refused(Code.MALFORMED, "A key is said twice.")

    try:
        json.loads(payload, object_pairs_hook=check)
    except (ValueError, RecursionError):
        raise Refused(Code.MALFORMED) from None
