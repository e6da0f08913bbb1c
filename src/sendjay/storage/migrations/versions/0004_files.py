"""Files, and the messages that carry them"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None
works_with = "0003"

ID = sa.String(64).with_variant(sa.String(64, collation="utf8mb4_bin"), "mysql", "mariadb")


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), server_default="0", nullable=False)


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), server_default="", nullable=False)


def upgrade() -> None:
    op.create_table(
        "files",
        sa.Column("file_id", ID, nullable=False),
        sa.Column("owner_id", ID, nullable=False),
        _text("state", 8),
        _text("name", 200),
        _number("size"),
        _text("media_type", 100),
        _text("kind", 8),
        _number("width"),
        _number("height"),
        _number("seconds"),
        sa.Column("thumb", sa.SmallInteger(), server_default="0", nullable=False),
        _number("created_at"),
        _number("sent_at"),
        _number("expires_at"),
        _number("due_at"),
        sa.PrimaryKeyConstraint("file_id", name=op.f("pk_files")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_files_owner", "files", ["owner_id", "state"], unique=False)
    op.create_index("ix_files_due", "files", ["due_at"], unique=False)
    op.create_table(
        "file_messages",
        sa.Column("file_id", ID, nullable=False),
        sa.Column("room_id", ID, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("file_id", "room_id", "seq", name=op.f("pk_file_messages")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_file_messages_message", "file_messages", ["room_id", "seq"], unique=False)
