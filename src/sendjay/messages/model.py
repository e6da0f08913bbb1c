"""Rules of a message's text."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from sendjay.protocol.commands import Original
from sendjay.protocol.errors import Code, Refused

BODY_UNITS = 4_000
"""UTF-16 units, as the system before this one counted."""

MARKS_MOST = 64
"""Accents and the like upon one letter; Unicode's own format for streams has 30."""

_REFUSED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]").search


def clean_body(body: str) -> str:
    """The text as it is kept (NFC). Raises Refused: TOO_LONG, or INVALID for control characters and for
    nothing.
    """
    if not body.isascii():
        # A lone surrogate cannot be written; it is refused before anything tries.
        if _REFUSED(body):
            raise Refused(Code.INVALID, "The text has characters that cannot be shown.")
        body = _composed(body)
        if len(body) * 2 > BODY_UNITS and len(body.encode("utf-16-le")) // 2 > BODY_UNITS:
            raise Refused(Code.TOO_LONG)
    elif _REFUSED(body):
        raise Refused(Code.INVALID, "The text has characters that cannot be shown.")
    elif len(body) > BODY_UNITS:
        raise Refused(Code.TOO_LONG)
    if not body or body.isspace():
        raise Refused(Code.INVALID, "There is nothing to send.")
    return body


def _composed(body: str) -> str:
    """The text in NFC. Raises Refused for what would take long."""
    # Composing makes four characters one at most.
    if len(body) > 4 * BODY_UNITS:
        raise Refused(Code.TOO_LONG)
    if unicodedata.is_normalized("NFC", body):
        return body
    # A run of marks is put into order one by one: a long one would hold everybody up.
    run = 0
    for character in body:
        run = run + 1 if unicodedata.combining(character) else 0
        if run > MARKS_MOST:
            raise Refused(Code.INVALID, "The text has characters that cannot be shown.")
    return unicodedata.normalize("NFC", body)


class Asked(NamedTuple):
    """What is to go with a text, as the sender asks for it."""

    reply_to: int = 0
    mentions: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    original: tuple[str, int] | None = None
    """The message that is passed on: its room and seq."""


def asked_with(
    reply_to: int, mentions: Sequence[str], files: Sequence[str] = (), original: Original | None = None
) -> Asked | None:
    """None for a plain text. Raises Refused: INVALID, for ids that nobody can have."""
    if not reply_to and not mentions and not files and original is None:
        return None
    passed_on = None if original is None else (original.room, original.seq)
    if passed_on is not None and (reply_to or mentions or files):
        raise Refused(Code.INVALID, "A message is passed on as it is.")
    asked = Asked(reply_to, tuple(dict.fromkeys(mentions)), tuple(dict.fromkeys(files)), passed_on)
    ids = (*asked.mentions, *asked.files, *(passed_on[:1] if passed_on else ()))
    if any(not each.isascii() or _REFUSED(each) for each in ids):
        raise Refused(Code.INVALID)
    return asked


def clean_body_of(body: str, asked: Asked | None) -> str:
    """The text of a message with what goes along: files need none, and what is passed on has its own.
    Raises Refused.
    """
    if asked is not None and asked.original is not None:
        if body:
            raise Refused(Code.INVALID, "A message is passed on as it is.")
        return ""
    return "" if not body and asked is not None and asked.files else clean_body(body)


def digest_of(room_id: str, body: str, asked: Asked | None = None) -> bytes:
    """What a client_id was used for: another room, text or answer under the same key is told by it."""
    used_for = f"message.send\0{room_id}\0{body}"
    if asked is not None:
        # A body has no NUL, so no plain text is ever taken for one that carries something.
        used_for += f"\0{asked.reply_to}\0{','.join(asked.mentions)}"
        if asked.files or asked.original:
            used_for += f"\0{','.join(asked.files)}\0{asked.original}"
    return hashlib.blake2b(used_for.encode(), digest_size=16).digest()
