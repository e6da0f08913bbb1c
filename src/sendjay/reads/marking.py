"""Moving read cursors: many in one transaction. A cursor never goes back, and never past the timeline's
end.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sendjay.actor import Actor
from sendjay.protocol.errors import Code, Refused
from sendjay.protocol.events import MineChanged
from sendjay.protocol.replies import CursorAnswer
from sendjay.reads.store import CursorState, look_up_cursors, move_cursors, raise_rooms
from sendjay.realtime.deliveries import CursorsMoved, ToUsers
from sendjay.rooms.service import raise_personal, unread_now, view_mine
from sendjay.storage.locks import Rows
from sendjay.storage.transaction import Transaction


class MarkRequest(NamedTuple):
    """Somebody has seen everything up to `seq`."""

    actor: Actor
    room_id: str
    seq: int


class MarkBatch:
    """Moves a group of cursors. One instance, so that the writer sees marks as one kind."""

    def __init__(self, *, told: bool) -> None:
        self._told = told

    def rows(self, request: MarkRequest) -> Rows:
        return Rows((request.room_id,), (request.actor.user_id,))

    def __call__(self, tx: Transaction, requests: Sequence[MarkRequest]) -> list[CursorAnswer | Refused]:
        wanted = [(each.room_id, each.actor.user_id, each.actor.session_id) for each in requests]
        states = look_up_cursors(tx.connection, wanted)
        targets = _targets(requests, states)
        self._move(tx, targets, states, requests)
        return [self._answer(tx, each, state, targets) for each, state in zip(requests, states, strict=True)]

    def _move(
        self,
        tx: Transaction,
        targets: dict[tuple[str, str], int],
        states: Sequence[CursorState],
        requests: Sequence[MarkRequest],
    ) -> None:
        versions = {
            each.room_id: state.read_version or 0 for each, state in zip(requests, states, strict=True)
        }
        moved: list[tuple[str, str, int, int, int]] = []
        cursors: dict[str, dict[str, int]] = {}
        for (room, user), seq in targets.items():
            versions[room] += 1
            cursors.setdefault(room, {})[user] = seq
            moved.append((room, user, seq, versions[room], raise_personal(tx, user)))
        move_cursors(tx.connection, moved)
        raise_rooms(tx.connection, [(room, versions[room]) for room in cursors])
        for room, user, _, _, personal in moved:
            mine = view_mine(tx.connection, user, room)
            tx.publish(ToUsers((user,), MineChanged(personal, [mine] if mine else [])))
        if self._told:
            for room, people in cursors.items():
                tx.publish(CursorsMoved(room, versions[room] - len(people), versions[room], people))

    def _answer(
        self, tx: Transaction, request: MarkRequest, state: CursorState, targets: dict[tuple[str, str], int]
    ) -> CursorAnswer | Refused:
        refused = _judge(request, state)
        if refused is not None:
            return refused
        assert state.room_seq is not None
        read_seq = targets.get((request.room_id, request.actor.user_id), state.read_seq or 0)
        return CursorAnswer(read_seq, unread_now(tx.connection, request.actor.user_id, request.room_id))


def _judge(request: MarkRequest, state: CursorState) -> Refused | None:
    if request.actor.session_id and state.session_ended_at != 0:
        return Refused(Code.UNAUTHORIZED)
    if not state.is_member or state.room_seq is None:
        return Refused(Code.NOT_FOUND)
    return None


def _targets(requests: Sequence[MarkRequest], states: Sequence[CursorState]) -> dict[tuple[str, str], int]:
    """Where cursors go that really move; the farthest, where one is moved twice within the group."""
    targets: dict[tuple[str, str], int] = {}
    for request, state in zip(requests, states, strict=True):
        if _judge(request, state) is not None:
            continue
        assert state.room_seq is not None
        key = (request.room_id, request.actor.user_id)
        seq = min(request.seq, state.room_seq)
        if seq > max(state.read_seq or 0, targets.get(key, 0)):
            targets[key] = seq
    return targets
