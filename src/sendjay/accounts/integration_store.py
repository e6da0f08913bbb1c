"""The SQL of hosts' tokens."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from sendjay.storage.tables import integration_tokens
from sendjay.storage.transaction import Transaction

Row = sa.Row[Any]
_of = integration_tokens.c


def insert_token(tx: Transaction, values: dict[str, str]) -> None:
    tx.run(sa.insert(integration_tokens), {**values, "created_at": tx.now})


def end_token(tx: Transaction, token_id: str) -> bool:
    """Was there one?"""
    return tx.run(sa.update(integration_tokens).where(_of.token_id == token_id).values(ended_at=tx.now)) > 0


def all_tokens(connection: sa.Connection) -> list[Row]:
    """By the time they were made."""
    return list(connection.execute(sa.select(integration_tokens).order_by(_of.created_at)).all())


def load_token(connection: sa.Connection, token_id: str) -> Row | None:
    return connection.execute(sa.select(integration_tokens).where(_of.token_id == token_id)).first()
