"""Sending: many messages in one transaction, with one lookup and a few statements.

Order of judging: the idempotency key first (the same key gives the same answer, whatever has happened since),
then the session, then membership. seq and version are given under the room's lock, so commit order is seq
order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

from sendjay.actor import Actor
from sendjay.messages.carried import Attach, carry, mask_extra
from sendjay.messages.editing import Mask
from sendjay.messages.model import Asked, digest_of
from sendjay.messages.store import SendState, load_one, look_up_sends, write_sends
from sendjay.protocol.errors import Code, Refused
from sendjay.protocol.events import MessageNew, RoomAdded
from sendjay.protocol.objects import FileInfo, Message
from sendjay.protocol.replies import SendAnswer
from sendjay.realtime.deliveries import Here, ToRoom, ToUsers
from sendjay.rooms.service import reveal_hidden, with_extra
from sendjay.storage.locks import Rows
from sendjay.storage.transaction import Transaction

GROWN_ROWS = 256
Matters = Callable[[str], object]
Remark = Callable[[Transaction, str, str], None]
"""Told (room about an item, sender) of a text that matters, in the same transaction."""
Grown = Callable[[str, int], None]
"""Told (room, newest seq), on the loop, once a room has come past a multiple of so many rows."""


class SendRequest(NamedTuple):
    """One message on its way to the writer; the body is clean."""

    actor: Actor
    room_id: str
    client_id: str
    body: str
    asked: Asked | None = None
    """None for a plain text."""


class _Head:
    """Where a room stands while a group is being written."""

    __slots__ = ("at", "began", "hidden", "members_version", "seq", "version")

    def __init__(self, state: SendState, now: int) -> None:
        self.seq = self.began = state.room_seq or 0
        self.version = state.room_version or 0
        self.members_version = state.members_version or 0
        self.hidden = bool(state.hidden_count)
        self.at = max(now, state.touched_at or 0)


def _no_files(*_: object) -> list[FileInfo]:
    raise Refused(Code.NOT_FOUND)


def _nobody_asks(*_: object) -> None:
    pass


class SendBatch:
    """Writes a group of messages. One instance, so that the writer sees sends as one kind."""

    def __init__(self) -> None:
        self.attach: Attach = _no_files
        self.grown: Grown = _nobody_asks
        self.mask: Mask | None = None
        self.matters: Matters | None = None
        self.remark: Remark = _nobody_asks

    def rows(self, request: SendRequest) -> Rows:
        # The session is only read, after the lock: it may end in the same moment, not before.
        return Rows(rooms=(request.room_id,))

    def __call__(self, tx: Transaction, requests: Sequence[SendRequest]) -> list[SendAnswer | Refused]:
        wanted = [
            (each.room_id, each.actor.user_id, each.client_id, each.actor.session_id) for each in requests
        ]
        states = look_up_sends(tx.connection, wanted)
        group = _Group(tx, self.attach, self.mask, self.matters)
        answers = [group.judge(request, state) for request, state in zip(requests, states, strict=True)]
        group.reveal()
        write_sends(tx.connection, group.written, group.asked, group.moved())
        for room, seq in group.grown():
            tx.publish(Here(partial(self.grown, room, seq)))
        for room, sender in group.remarkable.items():
            self.remark(tx, room, sender)
        return answers


class _Group:
    """The rows of one group, gathered."""

    def __init__(self, tx: Transaction, attach: Attach, mask: Mask | None, matters: Matters | None) -> None:
        self._tx = tx
        self._attach = attach
        self._mask = mask
        self._matters = matters
        self.remarkable: dict[str, str] = {}
        """Rooms about items where something that matters was said, and by whom first."""
        self._heads: dict[str, _Head] = {}
        self._made: dict[tuple[str, str], tuple[bytes, SendAnswer]] = {}
        self.written: list[tuple[Any, ...]] = []
        self.asked: list[tuple[Any, ...]] = []

    def judge(self, request: SendRequest, state: SendState) -> SendAnswer | Refused:
        actor = request.actor
        digest = digest_of(request.room_id, request.body, request.asked)
        if state.before_digest:
            if state.before_digest != digest.hex():
                return Refused(Code.KEY_REUSED)
            answer = SendAnswer(
                state.before_seq or 0, state.before_version or 0, state.before_at or 0, request.room_id
            )
            if self._tx.is_repeated:
                self._tell_again(request.room_id, answer, state.members_version or 0)
            return answer
        made = self._made.get((actor.user_id, request.client_id))
        if made is not None:
            # The same key twice within one group: a client that sent again before it was answered.
            return made[1] if made[0] == digest else Refused(Code.KEY_REUSED)
        if actor.session_id and state.session_ended_at != 0:
            return Refused(Code.UNAUTHORIZED)
        if not state.is_member or state.room_seq is None:
            return Refused(Code.NOT_FOUND)
        if state.is_blocked:
            return Refused(Code.BLOCKED)
        answer = self._write(request, state, digest)
        if isinstance(answer, Refused):
            return answer
        self._made[actor.user_id, request.client_id] = (digest, answer)
        return answer

    def _write(self, request: SendRequest, state: SendState, digest: bytes) -> SendAnswer | Refused:
        room, user = request.room_id, request.actor.user_id
        head = self._heads.get(room) or _Head(state, self._tx.now)
        body, extra = request.body, None
        if request.asked is not None:
            try:
                place = room, head.seq + 1
                body, extra = carry(self._tx, request.actor, place, body, request.asked, self._attach)
            except Refused as refused:
                return refused
        if state.kind == "item":
            body, extra = self._about_item(room, user, body, extra)
        # Only now: a room in which nothing is written does not move.
        self._heads[room] = head
        head.seq += 1
        head.version += 1
        seq, version, at = head.seq, head.version, head.at
        self.written.append((room, seq, version, user, at, "text", body, request.client_id, extra))
        self.asked.append((request.client_id, user, "message.send", room, seq, version, at, digest))
        answer = SendAnswer(seq, version, at, room)
        message = Message(seq, version, user, at, body=body, client_id=request.client_id)
        if extra is not None:
            message = with_extra(message, extra)
        self._tell(room, message, head.members_version)
        return answer

    def _about_item(self, room: str, sender: str, body: str, extra: str | None) -> tuple[str, str | None]:
        if self._matters is not None and self._matters(body):
            self.remarkable.setdefault(room, sender)
        if self._mask is None:
            return body, extra
        return self._mask(body), None if extra is None else mask_extra(extra, self._mask)

    def _tell(self, room: str, message: Message, members_version: int) -> None:
        self._tx.publish(ToRoom(room, MessageNew(room, message.version, message), members_version))

    def _tell_again(self, room: str, answer: SendAnswer, members_version: int) -> None:
        """Nobody knows whether it was told. If it has changed since, who missed it sees a hole and syncs."""
        message = load_one(self._tx.connection, room, answer.seq)
        if message is not None and message.version == answer.version:
            self._tell(room, message, members_version)

    def reveal(self) -> None:
        """A message brings a room back to those who had hidden it."""
        for room, head in self._heads.items():
            if head.hidden:
                people = reveal_hidden(self._tx, room)
                if people:
                    self._tx.publish(ToUsers(tuple(people), RoomAdded(room, head.version)))

    def grown(self) -> list[tuple[str, int]]:
        return [
            (room, head.seq)
            for room, head in self._heads.items()
            if head.seq // GROWN_ROWS > head.began // GROWN_ROWS
        ]

    def moved(self) -> list[tuple[Any, ...]]:
        return [(room, head.seq, head.version, head.seq, head.at) for room, head in self._heads.items()]
