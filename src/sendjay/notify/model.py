"""Rules of personal settings: which columns keep them, and what hours are."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from sendjay.protocol.errors import Code, Refused
from sendjay.protocol.objects import MySettings

Hours = Annotated[str, Meta(pattern=r"^(?:(?:[01][0-9]|2[0-3])[0-5][0-9])?$(?!\n)")]
"""A time of day as HHMM; empty: none."""
Choice = bool | UnsetType

_SWITCHED_OFF = {
    "notify": "notify_off",
    "sound": "sound_off",
    "vibration": "vibration_off",
    "show_body": "body_off",
    "show_sender": "sender_off",
}
"""Settings that are kept as what is not wanted, as the directory's own systems do."""


class SettingsEdit(Struct, forbid_unknown_fields=True, frozen=True):
    """Fields left out stay as they are."""

    standalone: Choice = UNSET
    notify: Choice = UNSET
    sound: Choice = UNSET
    vibration: Choice = UNSET
    show_body: Choice = UNSET
    show_sender: Choice = UNSET
    hours_from: Hours | UnsetType = UNSET
    hours_to: Hours | UnsetType = UNSET


def edited(settings: MySettings, edit: SettingsEdit) -> MySettings:
    """Raises Refused(INVALID) where one end of the hours would stand without the other."""
    given = {name: value for name in edit.__struct_fields__ if (value := getattr(edit, name)) is not UNSET}
    changed = msgspec.structs.replace(settings, **given)
    if bool(changed.hours_from) != bool(changed.hours_to):
        raise Refused(Code.INVALID, "Hours have a beginning and an end: give both, or empty both.")
    return changed


def from_columns(row: Any) -> MySettings:
    """From the columns of `users`."""
    on = {name: not getattr(row, column) for name, column in _SWITCHED_OFF.items()}
    return MySettings(
        standalone=bool(row.standalone), hours_from=row.notify_from, hours_to=row.notify_to, **on
    )


def to_columns(settings: MySettings) -> dict[str, Any]:
    """The reverse."""
    off = {column: int(not getattr(settings, name)) for name, column in _SWITCHED_OFF.items()}
    return {
        "standalone": int(settings.standalone), "notify_from": settings.hours_from,
        "notify_to": settings.hours_to, **off,
    }  # fmt: skip
