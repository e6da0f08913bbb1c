"""Drafts, personal settings in the personal stream, used tickets"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None
works_with = "0002"

ID = sa.String(64).with_variant(sa.String(64, collation="utf8mb4_bin"), "mysql", "mariadb")


def upgrade() -> None:
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("settings_version", sa.BigInteger(), server_default="0", nullable=False)
        )
    op.create_table(
        "drafts",
        sa.Column("user_id", ID, nullable=False),
        sa.Column("room_id", ID, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("personal_version", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("changed_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("user_id", "room_id", name=op.f("pk_drafts")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_drafts_personal", "drafts", ["user_id", "personal_version"], unique=False)
    op.create_table(
        "used_tickets",
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("expires_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_used_tickets")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_used_tickets_expires", "used_tickets", ["expires_at"], unique=False)
