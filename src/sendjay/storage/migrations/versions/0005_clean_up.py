"""Retention, and whose turn it is to clean up"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None
works_with = "0003"

ID = sa.String(64).with_variant(sa.String(64, collation="utf8mb4_bin"), "mysql", "mariadb")


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), server_default="0", nullable=False)


def upgrade() -> None:
    with op.batch_alter_table("rooms", schema=None) as batch_op:
        batch_op.add_column(_number("retained_seq"))
    op.create_table(
        "chores",
        sa.Column("chore", ID, nullable=False),
        sa.Column("holder", sa.String(16), server_default="", nullable=False),
        _number("held_until"),
        _number("renewed"),
        _number("done_at"),
        _number("done_rows"),
        sa.PrimaryKeyConstraint("chore", name=op.f("pk_chores")),
    )
