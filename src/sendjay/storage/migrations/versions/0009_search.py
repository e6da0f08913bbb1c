"""By what messages can be found"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None
works_with = "0003"

ID = sa.String(64).with_variant(sa.String(64, collation="utf8mb4_bin"), "mysql", "mariadb")


def upgrade() -> None:
    op.create_table(
        "search_blocks",
        sa.Column("room_id", ID, nullable=False),
        sa.Column("block", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("first_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("last_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("signature", sa.LargeBinary(16_777_215), nullable=False),
        sa.PrimaryKeyConstraint("room_id", "block", name=op.f("pk_search_blocks")),
        sqlite_with_rowid=False,
    )
