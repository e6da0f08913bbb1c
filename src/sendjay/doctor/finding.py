"""What an examination finds."""

from __future__ import annotations

from typing import Literal

import msgspec

Level = Literal["ok", "warning", "problem"]


class Finding(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that was looked at. A problem is what makes the installation lose or refuse something."""

    level: Level
    about: str
    """The part of the installation, such as Database."""
    says: str
    remedy: str = ""
    """What to do, for a warning or a problem."""


class Findings:
    """Findings about one part, in the order in which they are made."""

    def __init__(self, about: str) -> None:
        self._about = about
        self.found: list[Finding] = []

    def ok(self, says: str) -> None:
        self.found.append(Finding("ok", self._about, says))

    def warning(self, says: str, remedy: str) -> None:
        self.found.append(Finding("warning", self._about, says, remedy))

    def problem(self, says: str, remedy: str) -> None:
        self.found.append(Finding("problem", self._about, says, remedy))
