"""Whom somebody finds and sees, where not everybody is to know everybody: a site of strangers.

Who is not seen looks like nobody: to searches, by id, by photo, in presence, and for new rooms.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

import sqlalchemy as sa

MET_MOST = 2000
"""Of more than so many, the others are still seen by id."""


@dataclass(frozen=True)
class Sight:
    met_among: Callable[[sa.Connection, str, Collection[str]], set[str]]
    """Those of these people with whom somebody shares a room."""
    met_by: Callable[[sa.Connection, str, int], list[str]]
    """All of them, up to a number."""
    offering: Callable[[sa.Connection, Collection[str]], set[str]]
    """Those of these people who offer something to all."""

    def within_reach(self, connection: sa.Connection, user: str, people: Collection[str]) -> set[str]:
        """Those of these people that this one may bring into a room; themselves among them."""
        met = self.met_among(connection, user, people) if people else set[str]()
        return met | ({user} & set(people))

    def seen(self, connection: sa.Connection, user: str, people: Collection[str]) -> set[str]:
        """Those whose name, photo and presence this one may see: whoever offers something as well."""
        near = self.within_reach(connection, user, people)
        others = set(people) - near
        return near | (self.offering(connection, others) if others else set[str]())
