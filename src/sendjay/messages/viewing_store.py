"""The SQL of what one person does not see: messages taken back unread, and those they have deleted."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import sqlalchemy as sa

from sendjay.storage.tables import members, message_deletions, message_edits, messages, revokes
from sendjay.storage.transaction import Transaction
from sendjay.storage.upsert import insert_or_ignore

_decode_people = msgspec.json.Decoder(set[str]).decode
DELETED_TOLD = 5_000


def unread_revokes(connection: sa.Connection, room_id: str, seqs: Sequence[int], user: str) -> set[int]:
    """Those of these revoked messages that this person had not read."""
    query = sa.select(revokes.c.seq, revokes.c.readers).where(
        revokes.c.room_id == room_id, revokes.c.seq.in_(seqs)
    )
    read = {seq for seq, readers in connection.execute(query) if user in _decode_people(readers)}
    return set(seqs) - read


def deleted_among(connection: sa.Connection, user: str, room_id: str, seqs: Sequence[int]) -> set[int]:
    query = sa.select(message_deletions.c.seq).where(
        message_deletions.c.user_id == user,
        message_deletions.c.room_id == room_id,
        message_deletions.c.seq.in_(seqs),
    )
    return set(connection.execute(query).scalars())


def keep_revoke(tx: Transaction, room_id: str, seq: int, sender: str) -> None:
    """Who has read it by now, its sender included; what it said before goes with it."""
    query = sa.select(members.c.user_id).where(
        members.c.room_id == room_id,
        members.c.is_member == 1,
        members.c.joined_seq < seq,
        members.c.read_seq >= seq,
    )
    readers = sorted({sender, *tx.connection.execute(query).scalars()})
    kept = {
        "room_id": room_id,
        "seq": seq,
        "revoked_at": tx.now,
        "readers": msgspec.json.encode(readers),
    }
    tx.run(sa.insert(revokes), kept)
    tx.run(sa.delete(message_edits).where(message_edits.c.room_id == room_id, message_edits.c.seq == seq))


def newest_text_below(connection: sa.Connection, room_id: str, seq: int) -> int:
    """0 where there is none."""
    query = (
        sa.select(messages.c.seq)
        .where(messages.c.room_id == room_id, messages.c.seq < seq, messages.c.kind == "text")
        .order_by(messages.c.seq.desc())
        .limit(1)
    )
    return connection.execute(query).scalar() or 0


def keep_deleted(tx: Transaction, user: str, room_id: str, seqs: Sequence[int], personal: int) -> None:
    own = {"user_id": user, "room_id": room_id, "personal_version": personal}
    statement = insert_or_ignore(tx.connection.dialect, message_deletions)
    tx.run(statement, [own | {"seq": seq} for seq in seqs])


def deleted_since(connection: sa.Connection, user: str, personal: int) -> dict[str, list[int]]:
    """room -> seqs, the newest ones where they are very many."""
    query = (
        sa.select(message_deletions.c.room_id, message_deletions.c.seq)
        .where(message_deletions.c.user_id == user, message_deletions.c.personal_version > personal)
        .order_by(message_deletions.c.personal_version.desc())
        .limit(DELETED_TOLD)
    )
    found: dict[str, list[int]] = {}
    for room_id, seq in connection.execute(query):
        found.setdefault(room_id, []).append(seq)
    return {room_id: sorted(seqs) for room_id, seqs in found.items()}
