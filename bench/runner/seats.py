"""Who connects, and which room they sit in: the same list is seated in our server and in every yardstick."""

from __future__ import annotations

from dataclasses import dataclass

from bench.runner.population import Population


@dataclass(frozen=True)
class Seat:
    user: str
    room: str
    room_number: int
    token: str = ""


def seats_of(population: Population, tokens: dict[str, str] | None = None) -> list[Seat]:
    """Everybody, in the first room of theirs."""
    held = tokens or {}
    seats: dict[str, Seat] = {}
    for number, room in enumerate(population.rooms):
        for person in room.people:
            seats.setdefault(person, Seat(person, room.room, number, held.get(person, "")))
    return list(seats.values())
