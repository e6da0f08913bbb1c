"""Structured logs. Nothing here is ever given a message body, a password or a token."""

from __future__ import annotations

import logging
import sys
from contextlib import suppress
from typing import TextIO, cast

import structlog

from sendjay.settings import Settings


def configure_logs(settings: Settings, worker: int | None = None) -> None:
    """JSON lines for machines, colours for a terminal; everything to standard error."""
    as_json = settings.log_format == "json" or (settings.log_format == "auto" and not sys.stderr.isatty())
    level = getattr(logging, settings.log_level.upper())
    renderer = (
        structlog.processors.JSONRenderer(ensure_ascii=False) if as_json else structlog.dev.ConsoleRenderer()
    )
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _without_locals,
    ]
    if worker is not None:
        shared.insert(0, _naming(worker))
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(cast(TextIO, _Unfailing(sys.stderr))),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(
        level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s", force=True
    )


class _Unfailing:
    """A line that cannot be written is lost: on a full disk, saying so must not end a thread."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        with suppress(OSError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._stream.flush()


def _naming(worker: int) -> structlog.typing.Processor:
    def name(_logger: object, _name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
        event["worker"] = worker
        return event

    return name


def _without_locals(
    _logger: object, _name: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """A traceback's places and types, without the exception's text: that may quote what somebody wrote."""
    raised = event.pop("exc_info", None)
    if raised:
        kind, error, traceback = sys.exc_info()
        if isinstance(raised, BaseException):
            kind, error, traceback = type(raised), raised, raised.__traceback__
        places: list[str] = []
        while traceback is not None:
            code = traceback.tb_frame.f_code
            places.append(
                f"{code.co_filename.rpartition('sendjay/')[2]}:{traceback.tb_lineno} {code.co_name}"
            )
            traceback = traceback.tb_next
        event["error"] = kind.__name__ if kind is not None else repr(error)
        event["where"] = places[-8:]
    return event
