"""SQLite's own rate of durable messages, without a network: groups of so many rows, one transaction each.

    python group_commit.py DATABASE ROOMS_JSON GROUP SECONDS     prints rows a second

DATABASE is one of the server's, seeded (same tables, indices and pragmas: WAL, synchronous=FULL).
A message is what it is to the server: a row of messages, a row of requests, its room's counters raised.
"""

from __future__ import annotations

import itertools
import json
import sqlite3
import sys
import time
import uuid

MESSAGE = (
    "INSERT INTO messages (room_id, seq, version, sender_id, sent_at, kind, body, client_id)"
    " VALUES (?, ?, ?, ?, ?, 'text', ?, ?)"
)
REQUEST = (
    "INSERT INTO requests (user_id, client_id, kind, room_id, seq, version, made_at, digest)"
    " VALUES (?, ?, 'message.send', ?, ?, ?, ?, ?)"
)
ROOM = "UPDATE rooms SET seq = ?, version = ?, last_seq = ?, touched_at = ? WHERE room_id = ?"


def main(path: str, rooms_path: str, group: int, seconds: float) -> None:
    with open(rooms_path) as file:
        rooms: list[tuple[str, str]] = json.load(file)
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    heads = dict(database.execute("SELECT room_id, max(seq, version) FROM rooms"))
    turns, body, digest, rows = itertools.cycle(rooms), "x" * 60, b"x" * 16, 0
    started = time.perf_counter()
    while (now := time.perf_counter()) - started < seconds:
        at, messages, requests, touched = int(now * 1000), [], [], {}
        for room, sender in itertools.islice(turns, group):
            heads[room] = seq = heads[room] + 1
            key = str(uuid.uuid4())
            messages.append((room, seq, seq, sender, at, body, key))
            requests.append((sender, key, room, seq, seq, at, digest))
            touched[room] = (seq, seq, seq, at, room)
        database.execute("BEGIN IMMEDIATE")
        database.executemany(MESSAGE, messages)
        database.executemany(REQUEST, requests)
        database.executemany(ROOM, list(touched.values()))
        database.execute("COMMIT")
        rows += group
    print(round(rows / (time.perf_counter() - started), 1))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
