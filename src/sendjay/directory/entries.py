"""Orgs and people as an administrator or the ERP delivers them, and what of that is written."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Any, Literal

import msgspec
from msgspec import UNSET, Struct, UnsetType

from sendjay.actor import AccountKind
from sendjay.directory import hangul
from sendjay.protocol.errors import Code, Refused

_ID = re.compile(r"[^\s,/?#%\\\x00-\x20\x7f]{1,64}")
_TIME = re.compile(r"(?:[01]\d|2[0-3])[0-5]\d")
_LIMITS = {
    "name": 100, "org": 64, "org_name": 100, "top_org": 64, "top_org_name": 100, "nickname": 100, "job": 100,
    "tel": 40, "absence_code": 16, "absence_note": 100, "language": 8, "source": 16, "unique_id": 64,
}  # fmt: skip
_NOT_SHOWN = ("Cc", "Cs", "Zl", "Zp")
_COLUMNS = {"org": "org_code", "top_org": "top_org_code"}
FLAGS = ("standalone", "notify_off", "sound_off", "vibration_off", "body_off", "sender_off")


class OrgEntry(Struct, forbid_unknown_fields=True, frozen=True):
    """An org as an administrator or the ERP delivers it (Z_ORG_TBL)."""

    code: str
    name: str
    position: str
    """Display order over the whole tree, compared as text."""
    depth: int
    in_use: bool = True


class UserEntry(Struct, forbid_unknown_fields=True, frozen=True):
    """A person as an administrator or the ERP delivers them (Z_USER_TBL). What is left out stays as it is."""

    id: str
    name: str | UnsetType = UNSET
    login: str | UnsetType = UNSET
    """What they type to sign in; their id when left out."""
    kind: AccountKind | UnsetType = UNSET
    org: str | UnsetType = UNSET
    org_name: str | UnsetType = UNSET
    """Taken from the org where the directory knows it."""
    top_org: str | UnsetType = UNSET
    top_org_name: str | UnsetType = UNSET
    nickname: str | UnsetType = UNSET
    job: str | UnsetType = UNSET
    tel: str | UnsetType = UNSET
    absence_code: str | UnsetType = UNSET
    absence_note: str | UnsetType = UNSET
    absence_since: str | UnsetType = UNSET
    absence_until: str | UnsetType = UNSET
    standalone: bool | UnsetType = UNSET
    notify_off: bool | UnsetType = UNSET
    sound_off: bool | UnsetType = UNSET
    vibration_off: bool | UnsetType = UNSET
    body_off: bool | UnsetType = UNSET
    sender_off: bool | UnsetType = UNSET
    notify_from: str | UnsetType = UNSET
    notify_to: str | UnsetType = UNSET
    language: Literal["", "ko", "en"] | UnsetType = UNSET
    source: str | UnsetType = UNSET
    unique_id: str | UnsetType = UNSET
    disabled: bool | UnsetType = UNSET


class Written(Struct, frozen=True):
    """What an import did."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0


def line(text: str, limit: int, what: str) -> str:
    """One line of text as it is kept: NFC, trimmed. Raises Refused for too much or what cannot be shown."""
    kept = unicodedata.normalize("NFC", text).strip()
    if len(kept) > limit:
        raise Refused(Code.INVALID, f"{what} is too long: {limit} characters at most.")
    is_shown = kept.isprintable() or not any(unicodedata.category(each) in _NOT_SHOWN for each in kept)
    if not is_shown:
        raise Refused(Code.INVALID, f"{what} holds characters that cannot be shown.")
    return kept


def is_id(text: str) -> bool:
    """May this be somebody's id or an org's code? It travels in addresses and comma-separated lists."""
    return _ID.fullmatch(text) is not None and unicodedata.is_normalized("NFC", text)


def org_columns(entry: OrgEntry) -> dict[str, Any]:
    if not is_id(entry.code):
        raise Refused(Code.INVALID, f"{entry.code!r} cannot be an org's code.")
    if not 0 <= entry.depth <= 100:
        raise Refused(Code.INVALID, f"The depth of {entry.code} is not between 0 and 100.")
    return {
        "code": entry.code,
        "name": line(entry.name, 100, f"The name of {entry.code}") or entry.code,
        "position": line(entry.position, 32, f"The position of {entry.code}"),
        "depth": entry.depth,
        "in_use": int(entry.in_use),
    }


def user_columns(entry: UserEntry) -> dict[str, Any]:
    """The columns that this entry gives. Raises Refused for what cannot be written."""
    if not is_id(entry.id):
        raise Refused(Code.INVALID, f"{entry.id!r} cannot be somebody's id.")
    given = {name: value for name, value in msgspec.structs.asdict(entry).items() if value is not UNSET}
    columns: dict[str, Any] = {"user_id": given.pop("id")}
    for name, value in given.items():
        if name in _LIMITS:
            columns[_COLUMNS.get(name, name)] = line(value, _LIMITS[name], f"`{name}` of {entry.id}")
        elif name in FLAGS or name == "disabled":
            columns[name] = int(value)
        elif name in ("notify_from", "notify_to"):
            columns[name] = _time(value, entry.id)
        elif name in ("absence_since", "absence_until"):
            columns[name] = _date(value, entry.id)
        elif name != "login":
            columns[name] = value
    if "login" in given:
        columns["login_key"] = login_key(given["login"])
    if columns.get("name") == "":
        raise Refused(Code.INVALID, f"{entry.id} needs a name.")
    return columns


def login_key(login: str) -> str:
    """What somebody types to sign in, folded: case, spaces and NFC make no difference.

    Raises Refused when nothing is left of it or too much.
    """
    key = hangul.fold(login)
    if not key or len(key) > 200 or any(unicodedata.category(character)[0] == "C" for character in key):
        raise Refused(Code.INVALID, "This id cannot be used to sign in.")
    return key


def derived(row: dict[str, Any]) -> dict[str, str]:
    """The columns by which somebody is found."""
    found_by = " ".join((row["name"], row["user_id"], row["org_name"], row["job"], row["nickname"]))
    return {
        "initials": hangul.initials(row["name"])[:100],
        "search_key": hangul.fold(found_by)[:400],
        "tel_digits": "".join(character for character in row["tel"] if character in "0123456789"),
    }


def _time(value: str, whose: str) -> str:
    if value and not _TIME.fullmatch(value):
        raise Refused(Code.INVALID, f"A time of {whose} is not written as hhmm.")
    return value


def _date(value: str, whose: str) -> str:
    try:
        return date.fromisoformat(value).isoformat() if value else ""
    except ValueError:
        raise Refused(Code.INVALID, f"A date of {whose} is not written as 2026-11-24.") from None
