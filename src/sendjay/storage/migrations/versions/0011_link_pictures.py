"""Pictures of the pages behind links"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None
works_with = "0003"

ID = sa.String(64).with_variant(sa.String(64, collation="utf8mb4_bin"), "mysql", "mariadb")


def upgrade() -> None:
    op.create_table(
        "link_pictures",
        sa.Column("picture_id", ID, nullable=False),
        sa.Column("image", sa.LargeBinary(16_777_215), nullable=False),
        sa.Column("used_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("picture_id", name=op.f("pk_link_pictures")),
    )
    op.create_index("ix_link_pictures_used", "link_pictures", ["used_at"])
