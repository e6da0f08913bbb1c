"""Orgs and people: how the tree follows from the list, what people say of themselves, absences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Annotated, NamedTuple

from msgspec import UNSET, Meta, Struct, UnsetType

from sendjay.actor import AccountKind
from sendjay.directory.entries import line
from sendjay.protocol.errors import Code, Refused
from sendjay.protocol.objects import Absence, Org, Person

SEARCH_LIMIT = 50
SEARCH_WORDS = 6
IDS_LIMIT = 500
ORG_PEOPLE_LIMIT = 5000
PHOTO_TYPES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})
PHOTO_BYTES = 1_048_576


class AbsenceEdit(Struct, forbid_unknown_fields=True, frozen=True):
    code: Annotated[str, Meta(min_length=1, max_length=16)]
    note: Annotated[str, Meta(max_length=100)] = ""
    since: date | None = None
    until: date | None = None


class ProfileEdit(Struct, forbid_unknown_fields=True, frozen=True):
    """What people change about themselves; fields left out stay as they are, absence null ends it."""

    nickname: Annotated[str, Meta(max_length=100)] | UnsetType = UNSET
    job: Annotated[str, Meta(max_length=100)] | UnsetType = UNSET
    tel: Annotated[str, Meta(max_length=40)] | UnsetType = UNSET
    absence: AbsenceEdit | UnsetType | None = UNSET


class MySettings(Struct, frozen=True):
    """How somebody wants to be notified: from `notify_from` to `notify_to` (hhmm), for instance."""

    standalone: bool
    notify_off: bool
    sound_off: bool
    vibration_off: bool
    body_off: bool
    sender_off: bool
    notify_from: str
    notify_to: str
    language: str


class Me(Struct, frozen=True):
    """The signed-in person about themselves."""

    person: Person
    login: str
    kind: AccountKind
    settings: MySettings


class Photo(NamedTuple):
    image: bytes
    media_type: str
    version: str


def today() -> date:
    """Today where the server stands: absences are dates, not moments."""
    return datetime.now(UTC).astimezone().date()


def absence_columns(edit: AbsenceEdit | None) -> dict[str, str]:
    """Raises Refused for a period that ends before it begins, or has ended."""
    if edit is None:
        return {"absence_code": "", "absence_note": "", "absence_since": "", "absence_until": ""}
    if edit.until is not None and (
        edit.until < today() or (edit.since is not None and edit.until < edit.since)
    ):
        raise Refused(Code.INVALID, "This absence would end before it begins. Please check its dates.")
    return {
        "absence_code": line(edit.code, 16, "The absence's code"),
        "absence_note": line(edit.note, 100, "The absence's note"),
        "absence_since": edit.since.isoformat() if edit.since else "",
        "absence_until": edit.until.isoformat() if edit.until else "",
    }


def current_absence(code: str, note: str, since: str, until: str) -> Absence | None:
    """None where there is no absence, or it is over."""
    if not code or (until and until < today().isoformat()):
        return None
    return Absence(code=code, note=note, since=since or None, until=until or None)


class OrgRow(NamedTuple):
    code: str
    name: str
    depth: int
    in_use: int


def ancestors(rows: Sequence[OrgRow]) -> dict[str, list[OrgRow]]:
    """Each org's ancestors, topmost first: in display order, the nearest earlier ones of less depth."""
    path: list[OrgRow] = []
    found: dict[str, list[OrgRow]] = {}
    for row in rows:
        while path and path[-1].depth >= row.depth:
            path.pop()
        found[row.code] = list(path)
        path.append(row)
    return found


def tree(rows: Sequence[OrgRow]) -> list[Org]:
    """The orgs in use. Below one that is not in use, its children move up to the nearest ancestor that is."""
    shown: dict[str, Org] = {}
    above = ancestors(rows)
    for row in rows:
        if not row.in_use:
            continue
        parent = next((shown[up.code] for up in reversed(above[row.code]) if up.code in shown), None)
        depth = parent.depth + 1 if parent else row.depth
        shown[row.code] = Org(
            code=row.code, name=row.name, depth=depth, parent=parent.code if parent else None
        )
    return list(shown.values())
