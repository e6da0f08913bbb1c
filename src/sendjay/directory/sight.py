"""Whom somebody finds and sees, where not everybody is to know everybody: a site of strangers.

Who is not seen looks like nobody: to searches, by id, by photo, in presence, and for new rooms.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

import sqlalchemy as sa

from sendjay.protocol.objects import Person

MET_MOST = 2000
"""Of more than so many, the others are still seen by id."""


@dataclass(frozen=True)
class Sight:
    met_among: Callable[[sa.Connection, str, Collection[str]], set[str]]
    """Those of these people with whom somebody shares a room."""
    once_met_among: Callable[[sa.Connection, str, Collection[str]], set[str]]
    """The same, and those who have left such a room."""
    met_by: Callable[[sa.Connection, str, int], list[str]]
    """All with whom somebody shares a room, up to a number."""
    offering: Callable[[sa.Connection, Collection[str]], set[str]]
    """Those of these people who offer something to all."""

    def near(self, connection: sa.Connection, user: str, people: Collection[str]) -> set[str]:
        """Those of these people that this one sees like a colleague, and may bring into a room; themselves
        among them.
        """
        met = self.met_among(connection, user, people) if people else set[str]()
        return met | ({user} & set(people))

    def by_name(self, connection: sa.Connection, user: str, people: Collection[str]) -> set[str]:
        """Those of whom this one sees a name and a photo: under what they once said, and what they offer."""
        if not people:
            return set()
        known = self.once_met_among(connection, user, people)
        return known | self.offering(connection, people)


def named_only(person: Person) -> Person:
    """Neither how to reach them nor where they work."""
    return Person(person.id, person.name, photo=person.photo, disabled=person.disabled)
