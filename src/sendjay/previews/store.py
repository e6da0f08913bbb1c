"""The SQL of pictures of the pages behind links."""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa

from sendjay.storage.tables import link_pictures
from sendjay.storage.transaction import Transaction
from sendjay.storage.upsert import insert_or_ignore


def put_picture(tx: Transaction, picture_id: str, image: bytes) -> None:
    """The same picture is kept once."""
    row = {"picture_id": picture_id, "image": image, "used_at": tx.now}
    tx.run(insert_or_ignore(tx.connection.dialect, link_pictures), row)


def use_picture(tx: Transaction, picture_id: str) -> None:
    """It goes under another message now."""
    query = sa.update(link_pictures).where(link_pictures.c.picture_id == picture_id)
    tx.run(query.values(used_at=tx.now))


class Picture(NamedTuple):
    image: bytes
    used_at: int


def picture(connection: sa.Connection, picture_id: str) -> Picture | None:
    query = sa.select(link_pictures.c.image, link_pictures.c.used_at).where(
        link_pictures.c.picture_id == picture_id
    )
    row = connection.execute(query).first()
    return Picture(*row) if row else None
