"""Keeping signatures in step with the messages, in the transactions that write them.

A block is sealed by the send that comes past its end, so that all other sends pay nothing. Blocks that are
not sealed (older than search itself, or passed over by a notice) are looked through row by row until a chore
has sealed them: what is found never depends on it.
"""

from __future__ import annotations

import msgspec
import sqlalchemy as sa

from sendjay.protocol.objects import Extra, Message
from sendjay.search import store
from sendjay.search.model import BLOCK, block_of, kinds_of, marks_of, pieces_of_message
from sendjay.search.signature import signature_of, with_pieces
from sendjay.search.store import BlockRow
from sendjay.search.words import fold, pieces_of
from sendjay.storage.transaction import Transaction

BLOCKS_AT_ONCE = 2
"""By one send. A room that has been without for long is the chore's to do."""

_decode_extra = msgspec.json.Decoder(Extra).decode


def seal_below(tx: Transaction, room_id: str, seq: int) -> None:
    """The room has come to this seq: what is whole below it is sealed."""
    whole = seq // BLOCK
    first = max(store.newest_sealed(tx.connection, room_id) + 1, whole - BLOCKS_AT_ONCE)
    for block in range(first, whole):
        seal(tx, room_id, block)


def seal(tx: Transaction, room_id: str, block: int) -> None:
    """Nothing where rows of it are gone already."""
    if (row := _made_of(tx.connection, room_id, block)) is not None:
        store.keep_block(tx, room_id, row)


def note_edit(tx: Transaction, room_id: str, message: Message) -> None:
    """The message says this now: its block is found by it too."""
    block = block_of(message.seq)
    signature = store.load_signature(tx.connection, room_id, block)
    if signature is None:
        return
    grown = with_pieces(signature, pieces_of_message(message.sender, message.body, message.files))
    if grown != signature:
        store.change_signature(tx, room_id, block, grown)


def forget_below(tx: Transaction, room_id: str, _first: int, last: int) -> None:
    """These rows of the room are deleted: blocks of which nothing is left go with them."""
    store.forget_blocks(tx, room_id, last // BLOCK - 1)


def _made_of(connection: sa.Connection, room_id: str, block: int) -> BlockRow | None:
    first, last = block * BLOCK + 1, (block + 1) * BLOCK
    times = store.times_at(connection, room_id, (first, last))
    if len(times) < 2:
        return None
    rows = store.rows_between(connection, room_id, first, last)
    # Texts that carry nothing are folded and cut up as one: most of them have neither files nor addresses.
    plain = "\n".join(row.body for row in rows if row.extra is None)
    pieces = pieces_of(fold(plain)) | marks_of({row.sender_id for row in rows}, kinds_of(plain, ()))
    for row in rows:
        if row.extra is not None:
            pieces |= pieces_of_message(row.sender_id, row.body, _decode_extra(row.extra).files)
    return BlockRow(block, min(times), max(times), signature_of(pieces))
