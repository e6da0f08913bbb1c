"""Idempotency keys of commands that make rooms or bring people into them."""

from __future__ import annotations

import hashlib
from typing import Any

import sqlalchemy as sa

from sendjay.actor import Actor
from sendjay.protocol.errors import Code, Refused
from sendjay.rooms import store
from sendjay.storage.transaction import Transaction


def digest_of(kind: str, content: str) -> bytes:
    """What a client_id was used for, in 16 bytes."""
    return hashlib.blake2b(f"{kind}\0{content}".encode(), digest_size=16).digest()


def answered_before(
    tx: Transaction, actor: Actor, client_id: str, kind: str, content: str
) -> sa.Row[Any] | None:
    """The request of before with this key. Raises Refused(KEY_REUSED) when it was about something else."""
    row = store.find_request(tx.connection, actor.user_id, client_id)
    if row is not None and bytes(row.digest) != digest_of(kind, content):
        raise Refused(Code.KEY_REUSED)
    return row


def remember(
    tx: Transaction, actor: Actor, client_id: str, kind: str, content: str, room_id: str, *, seq: int = 0
) -> None:
    values = {
        "user_id": actor.user_id, "client_id": client_id, "kind": kind, "room_id": room_id, "seq": seq,
        "version": 0, "made_at": tx.now, "digest": digest_of(kind, content),
    }  # fmt: skip
    store.insert_request(tx, values)
