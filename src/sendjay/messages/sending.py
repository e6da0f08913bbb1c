"""Sending: many messages in one transaction, with one lookup and a few statements.

Order of judging: the idempotency key first (the same key gives the same answer, whatever has happened since),
then the session, then membership. seq and version are given under the room's lock, so commit order is seq
order.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sendjay.actor import Actor
from sendjay.messages.carried import extra_for
from sendjay.messages.model import Asked, digest_of
from sendjay.messages.store import SendState, kept_extra, look_up_sends, write_sends
from sendjay.protocol.errors import Code, Refused
from sendjay.protocol.events import MessageNew, RoomAdded
from sendjay.protocol.objects import Message
from sendjay.protocol.replies import SendAnswer
from sendjay.realtime.deliveries import ToRoom, ToUsers
from sendjay.rooms.service import reveal_hidden, with_extra
from sendjay.storage.locks import Rows
from sendjay.storage.transaction import Transaction


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

    __slots__ = ("at", "hidden", "members_version", "seq", "version")

    def __init__(self, state: SendState, now: int) -> None:
        self.seq = state.room_seq or 0
        self.version = state.room_version or 0
        self.members_version = state.members_version or 0
        self.hidden = bool(state.hidden_count)
        self.at = max(now, state.touched_at or 0)


class SendBatch:
    """Writes a group of messages. One instance, so that the writer sees sends as one kind."""

    def rows(self, request: SendRequest) -> Rows:
        # The session is only read, after the lock: it may end in the same moment, not before.
        return Rows(rooms=(request.room_id,))

    def __call__(self, tx: Transaction, requests: Sequence[SendRequest]) -> list[SendAnswer | Refused]:
        wanted = [
            (each.room_id, each.actor.user_id, each.client_id, each.actor.session_id) for each in requests
        ]
        states = look_up_sends(tx.connection, wanted)
        group = _Group(tx)
        answers = [group.judge(request, state) for request, state in zip(requests, states, strict=True)]
        group.reveal()
        write_sends(tx.connection, group.written, group.asked, group.moved())
        return answers


class _Group:
    """The rows of one group, gathered."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
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
                extra = None
                if request.asked is not None:
                    extra = kept_extra(self._tx.connection, request.room_id, answer.seq)
                self._tell(request, answer, state.members_version or 0, extra)
            return answer
        made = self._made.get((actor.user_id, request.client_id))
        if made is not None:
            # The same key twice within one group: a client that sent again before it was answered.
            return made[1] if made[0] == digest else Refused(Code.KEY_REUSED)
        if actor.session_id and state.session_ended_at != 0:
            return Refused(Code.UNAUTHORIZED)
        if not state.is_member or state.room_seq is None:
            return Refused(Code.NOT_FOUND)
        answer = self._write(request, state, digest)
        if isinstance(answer, Refused):
            return answer
        self._made[actor.user_id, request.client_id] = (digest, answer)
        return answer

    def _write(self, request: SendRequest, state: SendState, digest: bytes) -> SendAnswer | Refused:
        room, user = request.room_id, request.actor.user_id
        head = self._heads.get(room)
        if head is None:
            head = self._heads[room] = _Head(state, self._tx.now)
        extra = None
        if request.asked is not None:
            try:
                extra = extra_for(self._tx.connection, request.actor, room, request.asked, head.seq)
            except Refused as refused:
                return refused
        head.seq += 1
        head.version += 1
        seq, version, at = head.seq, head.version, head.at
        self.written.append((room, seq, version, user, at, "text", request.body, request.client_id, extra))
        self.asked.append((request.client_id, user, "message.send", room, seq, version, at, digest))
        answer = SendAnswer(seq, version, at, room)
        self._tell(request, answer, head.members_version, extra)
        return answer

    def _tell(
        self, request: SendRequest, answer: SendAnswer, members_version: int, extra: str | None
    ) -> None:
        room, user = request.room_id, request.actor.user_id
        message = Message(
            answer.seq, answer.version, user, answer.at, body=request.body, client_id=request.client_id
        )
        if extra is not None:
            message = with_extra(message, extra)
        self._tx.publish(ToRoom(room, MessageNew(room, answer.version, message), members_version))

    def reveal(self) -> None:
        """A message brings a room back to those who had hidden it."""
        for room, head in self._heads.items():
            if head.hidden:
                people = reveal_hidden(self._tx, room)
                if people:
                    self._tx.publish(ToUsers(tuple(people), RoomAdded(room, head.version)))

    def moved(self) -> list[tuple[Any, ...]]:
        return [(room, head.seq, head.version, head.seq, head.at) for room, head in self._heads.items()]
