"""Who and what a figure's database holds before its load begins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class SeedRoom:
    room: str
    people: list[str]
    messages: int = 0
    """Rows in its timeline, said by its people in turn."""
    read: int = 0
    """Where everybody's read cursor stands."""
    said: Callable[[int], str] | None = None
    """What was said at a seq; None: the same words at each."""

    @property
    def kind(self) -> str:
        return "direct" if len(self.people) == 2 else "group"

    @property
    def version(self) -> int:
        """Creation was the first change, each message another."""
        return self.messages + 1


@dataclass(frozen=True)
class Population:
    people: list[str]
    rooms: list[SeedRoom] = field(default_factory=list)

    def rooms_of(self, person: str) -> list[SeedRoom]:
        return [room for room in self.rooms if person in room.people]


def apart(rooms: int, size: int, name: str = "bench") -> Population:
    """`rooms` rooms of `size` people, nobody in two of them; another `name` makes other people and rooms."""
    people = [f"{name}{number:06d}" for number in range(rooms * size)]
    return Population(
        people,
        [
            SeedRoom(f"{name}room{number:06d}", people[number * size : (number + 1) * size])
            for number in range(rooms)
        ],
    )


def blocks(people: int, block: int, rooms: int, messages: int = 0) -> Population:
    """Blocks of `block` people who share `rooms` rooms: everybody is in `rooms` rooms."""
    everybody = [f"bench{number:06d}" for number in range(people)]
    made = [
        SeedRoom(f"benchroom{start:06d}x{number:03d}", everybody[start : start + block], messages, messages)
        for start in range(0, people, block)
        for number in range(rooms)
    ]
    return Population(everybody, made)
