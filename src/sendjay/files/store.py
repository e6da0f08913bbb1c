"""The SQL of files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from sendjay.storage.tables import file_messages, files, members, rooms
from sendjay.storage.transaction import Transaction

Row = sa.Row[Any]

OPEN, READY, GONE = "open", "ready", "gone"
NEVER = 2**53


def load(connection: sa.Connection, file_id: str) -> Row | None:
    return connection.execute(sa.select(files).where(files.c.file_id == file_id)).first()


def insert(tx: Transaction, values: dict[str, Any]) -> None:
    tx.run(sa.insert(files).values(**values))


def update(tx: Transaction, file_id: str, values: dict[str, Any], *, state: str) -> bool:
    """Change it, if it is still in that state."""
    changed = sa.update(files).where(files.c.file_id == file_id, files.c.state == state).values(**values)
    return tx.run(changed) == 1


def let_go(tx: Transaction, file_ids: Sequence[str]) -> None:
    """From now on nobody sees them; they are still to be taken off the disk."""
    tx.run(sa.update(files).where(files.c.file_id.in_(file_ids)).values(state=GONE, due_at=tx.now))


def give_up(tx: Transaction, file_id: str) -> bool:
    """The same for one that no message carries."""
    unsent = sa.update(files).where(files.c.file_id == file_id, files.c.sent_at == 0, files.c.state != GONE)
    return tx.run(unsent.values(state=GONE, due_at=tx.now)) == 1


def end_due(tx: Transaction, file_id: str) -> bool:
    """The same for one whose time has come: asked again, as it may have been continued or sent since."""
    is_due = sa.update(files).where(
        files.c.file_id == file_id, files.c.state != GONE, files.c.due_at <= tx.now
    )
    return tx.run(is_due.values(state=GONE, due_at=tx.now)) == 1


def delete(tx: Transaction, file_ids: Sequence[str]) -> None:
    """Those that are gone already."""
    tx.run(sa.delete(file_messages).where(file_messages.c.file_id.in_(file_ids)))
    tx.run(sa.delete(files).where(files.c.file_id.in_(file_ids), files.c.state == GONE))


def messages_go(tx: Transaction, room_id: str, first: int, last: int) -> None:
    """These rows of the timeline are deleted; of a file that no other message carries, the time has come."""
    going = sa.select(file_messages.c.file_id).where(
        file_messages.c.room_id == room_id, file_messages.c.seq >= first, file_messages.c.seq <= last
    )
    file_ids = list(tx.connection.execute(going.distinct()).scalars())
    if not file_ids:
        return
    tx.run(
        sa.delete(file_messages).where(
            file_messages.c.room_id == room_id, file_messages.c.seq >= first, file_messages.c.seq <= last
        )
    )
    kept = sa.select(file_messages.c.file_id).where(file_messages.c.file_id.in_(file_ids))
    still = set(tx.connection.execute(kept).scalars())
    put_off(tx, [file_id for file_id in file_ids if file_id not in still], tx.now)


def put_off(tx: Transaction, file_ids: Sequence[str], until: int) -> None:
    """The clean-up has to look at these later."""
    if file_ids:
        tx.run(sa.update(files).where(files.c.file_id.in_(file_ids)).values(due_at=until))


def mark_sent(tx: Transaction, file_id: str, expires_at: int) -> bool:
    """A message carries it for the first time; False where it was given up meanwhile."""
    unsent = sa.update(files).where(files.c.file_id == file_id, files.c.state == READY, files.c.sent_at == 0)
    values = {"sent_at": tx.now, "expires_at": expires_at, "due_at": expires_at or NEVER}
    return tx.run(unsent.values(**values)) == 1


def link(tx: Transaction, file_id: str, room_id: str, seq: int) -> None:
    tx.run(sa.insert(file_messages), {"file_id": file_id, "room_id": room_id, "seq": seq})


def which_are_gone(connection: sa.Connection, file_ids: Sequence[str]) -> list[str]:
    query = sa.select(files.c.file_id).where(files.c.file_id.in_(file_ids), files.c.state == GONE)
    return list(connection.execute(query).scalars())


def open_uploads(connection: sa.Connection, user: str) -> int:
    query = (
        sa.select(sa.func.count()).select_from(files).where(files.c.owner_id == user, files.c.state == OPEN)
    )
    return connection.execute(query).scalar_one()


def bytes_of(connection: sa.Connection, user: str) -> int:
    """What somebody's files take, uploads that are to come included."""
    query = sa.select(sa.func.coalesce(sa.func.sum(files.c.size), 0)).where(
        files.c.owner_id == user, files.c.state != GONE
    )
    return int(connection.execute(query).scalar_one())


def bytes_of_all(connection: sa.Connection) -> int:
    query = sa.select(sa.func.coalesce(sa.func.sum(files.c.size), 0)).where(files.c.state != GONE)
    return int(connection.execute(query).scalar_one())


def seen_in(connection: sa.Connection, file_id: str, user: str, most: int) -> list[tuple[str, int]]:
    """Messages (room, seq) that carry the file in this person's rooms, above their floor; newest first."""
    query = (
        sa.select(file_messages.c.room_id, file_messages.c.seq)
        .join(members, members.c.room_id == file_messages.c.room_id)
        .join(rooms, rooms.c.room_id == file_messages.c.room_id)
        .where(
            file_messages.c.file_id == file_id,
            members.c.user_id == user,
            members.c.is_member == 1,
            members.c.joined_seq < file_messages.c.seq,
            members.c.cleared_seq < file_messages.c.seq,
            rooms.c.retained_seq < file_messages.c.seq,
        )
        .order_by(file_messages.c.seq.desc())
        .limit(most)
    )
    return [(row.room_id, row.seq) for row in connection.execute(query)]


def due(connection: sa.Connection, now: int, most: int) -> list[Row]:
    """What the clean-up has to look at, the longest due first."""
    query = sa.select(files).where(files.c.due_at <= now).order_by(files.c.due_at).limit(most)
    return list(connection.execute(query).all())


def count_due(connection: sa.Connection, now: int) -> dict[str, int]:
    """How many there are of these, by state."""
    query = sa.select(files.c.state, sa.func.count()).where(files.c.due_at <= now).group_by(files.c.state)
    return {row[0]: row[1] for row in connection.execute(query)}
