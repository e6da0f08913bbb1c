"""What the nodes of one installation ask each other's work by: when members changed, when sessions ended"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None
works_with = "0003"  # it only adds, but who does not know members_at would not set it either


def upgrade() -> None:
    with op.batch_alter_table("rooms", schema=None) as batch_op:
        batch_op.add_column(sa.Column("members_at", sa.BigInteger(), server_default="0", nullable=False))
    op.create_index("ix_sessions_ended", "sessions", ["ended_at"], unique=False)
