"""Which rooms the people at this node are in: counted by person, never by connection."""

from __future__ import annotations

from collections.abc import Iterable
from sys import intern


class Interest:
    """Person -> their rooms. Says which rooms nobody here needs any more."""

    def __init__(self) -> None:
        self._rooms_of: dict[str, tuple[str, ...]] = {}
        self._people_in: dict[str, int] = {}

    def people(self) -> Iterable[str]:
        return self._rooms_of.keys()

    def has(self, person: str, room: str) -> bool:
        return room in self._rooms_of.get(person, ())

    def people_in(self, room: str) -> list[str]:
        """Everybody here who is in this room. Looks through all of them: for what is rare."""
        return [person for person, rooms in self._rooms_of.items() if room in rooms]

    def add(self, person: str, rooms: Iterable[str]) -> None:
        """This person is here, and in these rooms too."""
        before = self._rooms_of.get(person, ())
        held = set(before)
        # One text for each room, however many people are in it.
        new = tuple(intern(room) for room in rooms if room not in held)
        self._rooms_of[person] = before + new
        for room in new:
            self._people_in[room] = self._people_in.get(room, 0) + 1

    def drop(self, person: str, room: str) -> bool:
        """They have left it. True: nobody here is in it any more."""
        rooms = self._rooms_of.get(person, ())
        if room not in rooms:
            return False
        self._rooms_of[person] = tuple(each for each in rooms if each != room)
        return self._is_last(room)

    def leave(self, person: str) -> list[str]:
        """They are no longer here. The rooms that nobody here is in any more."""
        return [room for room in self._rooms_of.pop(person, ()) if self._is_last(room)]

    def _is_last(self, room: str) -> bool:
        count = self._people_in[room] - 1
        if count:
            self._people_in[room] = count
            return False
        del self._people_in[room]
        return True
