"""Items that hosts register, rooms about them, blocks, reports, and what hosts call with"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None
works_with = "0003"

ID = sa.String(64).with_variant(sa.String(64, collation="utf8mb4_bin"), "mysql", "mariadb")


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), server_default="", nullable=False)


def _id(name: str) -> sa.Column[str]:
    return sa.Column(name, ID, nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), server_default="0", nullable=False)


def _flag(name: str, default: str = "0") -> sa.Column[int]:
    return sa.Column(name, sa.SmallInteger(), server_default=default, nullable=False)


def upgrade() -> None:
    op.add_column("rooms", _flag("blocked"))
    op.add_column("rooms", sa.Column("card", sa.Text(), nullable=True))
    _create_items()
    _create_safety()
    op.create_table(
        "integration_tokens",
        _id("token_id"),
        _text("digest", 64),
        _text("name", 100),
        _text("scopes", 1000),
        _number("created_at"),
        _number("ended_at"),
        sa.PrimaryKeyConstraint("token_id", name=op.f("pk_integration_tokens")),
    )


def _create_items() -> None:
    op.create_table(
        "items",
        _id("item_key"),
        _text("kind", 64),
        sa.Column("host_id", sa.String(200), nullable=False),
        _id("owner_id"),
        _text("title", 200),
        _text("price", 100),
        _text("status", 100),
        _text("picture", 1000),
        _text("link", 1000),
        _flag("is_open", "1"),
        _flag("is_gone"),
        _flag("by_ticket"),
        _number("issued_at"),
        _flag("spread", "1"),
        sa.PrimaryKeyConstraint("item_key", name=op.f("pk_items")),
    )
    op.create_index("ix_items_spread", "items", ["spread", "issued_at"])
    op.create_index("ix_items_owner", "items", ["owner_id"])
    op.create_table(
        "item_rooms",
        _id("room_id"),
        _id("item_key"),
        _id("owner_id"),
        _id("asker_id"),
        _number("created_at"),
        _number("deal_at"),
        _text("deal_until", 10),
        _flag("warned"),
        sa.PrimaryKeyConstraint("room_id", name=op.f("pk_item_rooms")),
    )
    op.create_index("ix_item_rooms_item", "item_rooms", ["item_key", "owner_id"])
    op.create_index("ix_item_rooms_owner", "item_rooms", ["owner_id", "deal_until"])
    op.create_index("ix_item_rooms_asker", "item_rooms", ["asker_id", "created_at"])


def _create_safety() -> None:
    op.create_table(
        "blocks",
        _id("user_id"),
        _id("blocked_id"),
        _number("blocked_at"),
        sa.PrimaryKeyConstraint("user_id", "blocked_id", name=op.f("pk_blocks")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "reports",
        _id("report_id"),
        _id("room_id"),
        _id("reporter_id"),
        _id("reported_id"),
        _text("reason", 16),
        _text("note", 1000),
        sa.Column("item", sa.Text(), nullable=True),
        sa.Column("messages", sa.LargeBinary(16_777_215), nullable=False),
        _number("reported_at"),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_reports")),
    )
    op.create_index("ix_reports_reported_at", "reports", ["reported_at"])
    op.create_index("ix_reports_reporter", "reports", ["reporter_id", "reported_at"])
