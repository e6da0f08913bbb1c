"""Who connects, and which room they sit in: the same list is seated in our server and in every yardstick."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Seat:
    user: str
    room: str
    room_number: int
    token: str = ""


def seats_of(rooms: int, size: int) -> list[Seat]:
    """`rooms` rooms of `size` people, nobody in two of them."""
    return [
        Seat(user=f"bench{room * size + place:06d}", room=f"benchroom{room:06d}", room_number=room)
        for room in range(rooms)
        for place in range(size)
    ]
