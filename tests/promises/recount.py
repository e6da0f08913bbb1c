"""Unread numbers counted anew from the rows, by the words of the rule and not by the server's SQL."""

from __future__ import annotations

from tests.serving import Server

MOST = 300


def recount_unread(server: Server, person: str) -> dict[str, int]:
    """room -> others' messages above my cursor and floor, texts alone; counting stops at 300."""
    mine = server.rows(
        "SELECT room_id, joined_seq, cleared_seq, read_seq FROM members"
        " WHERE user_id = ? AND is_member = 1 AND hidden = 0",
        person,
    )
    counts: dict[str, int] = {}
    for room, joined, cleared, read in mine:
        rows = server.rows("SELECT seq, sender_id, kind FROM messages WHERE room_id = ?", room)
        unread = [seq for seq, sender, kind in rows if sender != person and kind == "text"]
        counts[room] = min(MOST, sum(1 for seq in unread if seq > max(joined, cleared, read)))
    return counts


def recount_not_read_by(server: Server, room: str, seq: int) -> list[str]:
    """Members of then and now whose cursor stands before this message, but for its sender."""
    ((sender, kind),) = server.rows(
        "SELECT sender_id, kind FROM messages WHERE room_id = ? AND seq = ?", room, seq
    )
    if kind != "text":
        return []
    rows = server.rows(
        "SELECT user_id, joined_seq, read_seq, joined_at FROM members WHERE room_id = ? AND is_member = 1",
        room,
    )
    people = sorted(rows, key=lambda row: (row[3], row[0]))
    return [user for user, joined, read, _ in people if user != sender and joined < seq and read < seq]
