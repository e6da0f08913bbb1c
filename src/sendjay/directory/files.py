"""Reads orgs and people from CSV or JSON. Columns may have the names of Z_ORG_TBL and Z_USER_TBL."""

from __future__ import annotations

import csv
import io
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from sendjay.directory.entries import OrgEntry, UserEntry, org_columns, user_columns
from sendjay.protocol.errors import Code, Refused

Entry = TypeVar("Entry", OrgEntry, UserEntry)

_ORG_NAMES = {"org_cd": "code", "org_nm": "name", "seq": "position", "lvl": "depth", "inuse": "in_use"}
_USER_NAMES = {
    "user_id": "id", "user_nm": "name", "org_cd": "org", "org_nm": "org_name", "top_org_cd": "top_org",
    "top_org_nm": "top_org_name", "nick_nm": "nickname", "tel_no": "tel", "ab_cd": "absence_code",
    "ab_nm": "absence_note", "noti_off": "notify_off", "vib_off": "vibration_off", "tm_fr": "notify_from",
    "tm_to": "notify_to", "uid": "unique_id",
}  # fmt: skip
_YES = {"y": True, "yes": True, "1": True, "true": True, "n": False, "no": False, "0": False, "false": False}


class DirectoryFile(Struct, forbid_unknown_fields=True):
    """`{"orgs": [...], "users": [...]}`, each with the fields of OrgEntry and UserEntry."""

    orgs: list[OrgEntry] = []
    users: list[UserEntry] = []


def read(content: bytes, *, is_json: bool) -> DirectoryFile:
    """Everything in the file, checked. Raises Refused for the first thing that cannot be, saying where."""
    if is_json:
        try:
            found = msgspec.json.decode(content, type=DirectoryFile)
        except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
            raise Refused(Code.INVALID, f"The file cannot be read: {error}") from None
    else:
        found = _read_csv(_text(content))
    for number, org in enumerate(found.orgs, 1):
        _checked(number, lambda org=org: org_columns(org))
    for number, user in enumerate(found.users, 1):
        _checked(number, lambda user=user: user_columns(user))
    return found


def _text(content: bytes) -> str:
    """UTF-8, or what Korean spreadsheets write."""
    for encoding in ("utf-8-sig", "cp949"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused(Code.INVALID, "The file is neither UTF-8 nor CP949 text.")


def _read_csv(text: str) -> DirectoryFile:
    rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    names = [(name or "").strip().lower() for name in rows.fieldnames or []]
    try:
        if "user_id" in names or "id" in names:
            return DirectoryFile(users=_entries(rows, UserEntry, _USER_NAMES))
        if "org_cd" in names or "code" in names:
            return DirectoryFile(orgs=_entries(rows, OrgEntry, _ORG_NAMES))
    except csv.Error as error:
        raise Refused(Code.INVALID, f"Line {rows.line_num}: {error}.") from None
    raise Refused(Code.INVALID, "The first line has to name the columns: `code` for orgs, `id` for people.")


def _entries(rows: csv.DictReader[str], kind: type[Entry], renamed: dict[str, str]) -> list[Entry]:
    flags = {field.name for field in msgspec.structs.fields(kind) if "bool" in str(field.type)}
    found: list[Entry] = []
    for row in rows:
        given: dict[str, Any] = {}
        for column, cell in row.items():
            # Cells beyond the named columns have no name, cells that are missing no text.
            if not isinstance(cell, str) or not cell.strip():
                continue
            name = (column or "").strip().lower()
            name = renamed.get(name, name)
            given[name] = _YES.get(cell.strip().lower(), cell) if name in flags else cell.strip()
        if given:
            try:
                found.append(msgspec.convert(given, kind, strict=False))
            except msgspec.ValidationError as error:
                raise Refused(Code.INVALID, f"Line {rows.line_num}: {error}.") from None
    return found


def _checked(number: int, check: Any) -> None:
    try:
        check()
    except Refused as refused:
        raise Refused(refused.code, f"Entry {number}: {refused.message}") from None
