"""What belongs to the installation as a whole."""

from __future__ import annotations

import sqlalchemy as sa

from sendjay.storage.tables.columns import ID, identifier, metadata, number, short_text

installation = sa.Table(
    "installation",
    metadata,
    identifier("name", primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)
"""What belongs to this installation as a whole: signing secrets, its name."""

integration_tokens = sa.Table(
    "integration_tokens",
    metadata,
    identifier("token_id", primary_key=True),
    short_text("digest", 64),
    short_text("name", 100),
    short_text("scopes", 1000),
    number("created_at"),
    number("ended_at"),
)
"""What hosts call with: the SHA-256 of each, and what it allows."""

requests = sa.Table(
    "requests",
    metadata,
    sa.Column("client_id", ID, primary_key=True, nullable=False),
    identifier("user_id", primary_key=True),
    short_text("kind", 16),
    identifier("room_id"),
    number("seq"),
    number("version"),
    number("made_at"),
    sa.Column("digest", sa.LargeBinary(16), nullable=False),
    sqlite_with_rowid=False,
)
"""Idempotency keys: what a client_id was used for and what was answered. The key comes first: clients make
keys that rise with time, so that the keys of a busy minute lie on a few pages."""

chores = sa.Table(
    "chores",
    metadata,
    identifier("chore", primary_key=True),
    short_text("holder", 16),
    number("held_until"),
    number("renewed"),
    number("done_at"),
    number("done_rows"),
)
"""Whose turn it is at each chore of the clean-up, when it was done last, and how many rows went."""

activity = sa.Table(
    "activity",
    metadata,
    sa.Column(
        "activity_id",
        sa.BigInteger().with_variant(sa.Integer, "sqlite"),
        primary_key=True,
        autoincrement=True,
    ),
    identifier("user_id"),
    short_text("work", 16),
    short_text("device", 16),
    short_text("state", 16),
    number("duration"),
    number("at"),
    sa.Index("ix_activity_at", "at", "user_id"),
)
"""Z_ACTLOG_TBL: sign-ins, connections and the like."""
