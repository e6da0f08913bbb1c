"""What somebody missed in rooms they hold at an older version: one lookup for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa

from sendjay.messages import store
from sendjay.messages.viewing import Viewer
from sendjay.protocol.objects import Message


class Missed(NamedTuple):
    """A room that a reader holds at version `held` and that stands at `now`, with its newest seq."""

    room_id: str
    floor: int
    """Rows at or below it are not the reader's to see."""
    held: int
    now: int
    seq: int
    changed: list[int]
    """Seqs of rows that stood already and changed since."""
    viewer: Viewer | None = None
    """Through whose eyes; None: as the rows stand."""

    @property
    def rows_most(self) -> int:
        """More rows than these cannot have come."""
        # One version writes two rows at most (somebody left, somebody became master).
        return 2 * (self.now - self.held)


def missed_rows(connection: sa.Connection, missed: Sequence[Missed], most: int) -> list[list[Message] | None]:
    """For each room the rows that came or changed, ascending; None where they are more than `most`.

    The caller has found the rooms to be the reader's own. New rows always have a higher version than older
    rows, so they are the timeline's tail, and seqs are dense: the tail is a range.
    """
    wanted: list[store.Tail] = []
    for room in missed:
        longest = min(most, room.rows_most) + 1
        wanted.append(store.Tail(room.room_id, max(room.floor, room.seq - longest), room.held))
    tails = store.tails(connection, wanted)
    return [_with_changed(connection, *each, most) for each in zip(missed, tails, strict=True)]


def _with_changed(
    connection: sa.Connection, room: Missed, new: list[Message], most: int
) -> list[Message] | None:
    if len(new) + len(room.changed) > most:
        return None
    present = {message.seq for message in new}
    older = [seq for seq in room.changed if seq not in present]
    rows = [*store.load_some(connection, room.room_id, older, room.floor), *new] if older else new
    return rows if room.viewer is None else room.viewer.sees(connection, room.room_id, rows)
