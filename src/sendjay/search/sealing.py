"""Keeping signatures in step with the messages.

A block is sealed once it is whole: by the node that wrote its last row, soon after, or by the chore. What it
can be found by is made from a reader's snapshot, so that nobody's message waits for it, and kept under the
room's lock, if nothing in the room was changed meanwhile. Until then, and if it is never done, the block is
looked through row by row: what is found never depends on it. Edits add to it in their own transaction.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from typing import NamedTuple

import msgspec
import sqlalchemy as sa

from sendjay.protocol.commands import SearchKind
from sendjay.protocol.objects import Extra, Message
from sendjay.search import store
from sendjay.search.model import BLOCK, block_of, kinds_of, marks_of, pieces_of_message
from sendjay.search.signature import signature_of, with_pieces
from sendjay.search.store import BlockRow, Standing
from sendjay.search.words import fold, pieces_of
from sendjay.storage.transaction import Transaction

BLOCKS_AT_ONCE = 2
"""Of one room that has grown. One that has been without for long is the chore's to do."""

PORTION = 65_536
"""Characters worked at together: a block of the longest messages is a million, and folding makes copies."""

_decode_extra = msgspec.json.Decoder(Extra).decode


class Made(NamedTuple):
    """What a block can be found by, and how the room stood when its rows were read."""

    block: int
    standing: Standing | None
    row: BlockRow | None
    """None where rows of it are gone already."""


def make_newest(connection: sa.Connection, room_id: str, seq: int) -> list[Made]:
    """The newest blocks that are whole in a room that has come to this seq, and not sealed."""
    whole = seq // BLOCK
    first = max(store.newest_sealed(connection, room_id) + 1, whole - BLOCKS_AT_ONCE)
    return [make(connection, room_id, block) for block in range(first, whole)]


def make(connection: sa.Connection, room_id: str, block: int) -> Made:
    return Made(block, store.standing(connection, room_id), _made_of(connection, room_id, block))


def keep(tx: Transaction, room_id: str, made: Made) -> None:
    """With the room's lock: no edit of the same moment is missed. Where the room is not as it was when the
    rows were read, they are read again; where they are nobody's to see any more, nothing is kept of them.
    """
    now = store.standing(tx.connection, room_id)
    if now is None or made.block * BLOCK < now.retained_seq:
        return
    if now != made.standing:
        made = make(tx.connection, room_id, made.block)
    if made.row is not None:
        store.keep_block(tx, room_id, made.row)


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
    pieces: set[str] = set()
    kinds: set[SearchKind] = set()
    # Texts that carry nothing are folded and cut up as one: most of them have neither files nor addresses.
    for plain in _portions(row.body for row in rows if row.extra is None):
        pieces |= pieces_of(fold(plain))
        kinds |= kinds_of(plain, ())
    pieces |= marks_of({row.sender_id for row in rows}, kinds)
    for row in rows:
        if row.extra is not None:
            pieces |= pieces_of_message(row.sender_id, row.body, _decode_extra(row.extra).files)
    return BlockRow(block, min(times), max(times), signature_of(pieces))


def _portions(texts: Iterable[str]) -> Generator[str]:
    """Some after the other, as one text each."""
    gathered: list[str] = []
    size = 0
    for text in texts:
        gathered.append(text)
        size += len(text)
        if size >= PORTION:
            yield "\n".join(gathered)
            gathered, size = [], 0
    if gathered:
        yield "\n".join(gathered)
