"""Messages that were taken back, deleted for oneself, or hang above the talk"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None
works_with = "0003"

ID = sa.String(64).with_variant(sa.String(64, collation="utf8mb4_bin"), "mysql", "mariadb")


def upgrade() -> None:
    op.create_table(
        "revokes",
        sa.Column("room_id", ID, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("readers", sa.LargeBinary(16_777_215), nullable=False),
        sa.PrimaryKeyConstraint("room_id", "seq", name=op.f("pk_revokes")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "message_deletions",
        sa.Column("user_id", ID, nullable=False),
        sa.Column("room_id", ID, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("personal_version", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("user_id", "room_id", "seq", name=op.f("pk_message_deletions")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_message_deletions_personal", "message_deletions", ["user_id", "personal_version"])
    op.create_index("ix_message_deletions_message", "message_deletions", ["room_id", "seq"])
    op.add_column("members", sa.Column("has_deleted", sa.SmallInteger(), server_default="0", nullable=False))
    op.add_column("rooms", sa.Column("pinned_seq", sa.BigInteger(), server_default="0", nullable=False))
