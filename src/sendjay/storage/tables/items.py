"""What hosts have people talk about, and how strangers are kept safe."""

from __future__ import annotations

import sqlalchemy as sa

from sendjay.storage.tables.columns import KEY, flag, identifier, large, metadata, number, short_text

items = sa.Table(
    "items",
    metadata,
    identifier("item_key", primary_key=True),
    short_text("kind", 64),
    sa.Column("host_id", KEY, nullable=False),
    identifier("owner_id"),
    short_text("title", 200),
    short_text("price", 100),
    short_text("status", 100),
    short_text("picture", 1000),
    short_text("link", 1000),
    flag("is_open", 1),
    flag("is_gone"),
    flag("by_ticket"),
    number("issued_at"),
    flag("spread", 1),
    sa.Index("ix_items_spread", "spread", "issued_at"),
    sa.Index("ix_items_owner", "owner_id"),
)
"""What a host has registered to be talked about. `issued_at`: the host's time of what stands here, never
going back. `by_ticket`: only who brings the host's word may begin to ask. `spread`: its rooms have been told.
"""

item_rooms = sa.Table(
    "item_rooms",
    metadata,
    identifier("room_id", primary_key=True),
    identifier("item_key"),
    identifier("owner_id"),
    identifier("asker_id"),
    number("created_at"),
    number("deal_at"),
    short_text("deal_until", 10),
    flag("warned"),
    sa.Index("ix_item_rooms_item", "item_key", "owner_id"),
    sa.Index("ix_item_rooms_owner", "owner_id", "deal_until"),
    sa.Index("ix_item_rooms_asker", "asker_id", "created_at"),
)
"""Who asks whom about what. `deal_at`: the host's time of the deal's state; `deal_until`: the last day that
is to come, empty where none is. `warned`: the host's warning has been shown.
"""

blocks = sa.Table(
    "blocks",
    metadata,
    identifier("user_id", primary_key=True),
    identifier("blocked_id", primary_key=True),
    number("blocked_at"),
    sqlite_with_rowid=False,
)

reports = sa.Table(
    "reports",
    metadata,
    identifier("report_id", primary_key=True),
    identifier("room_id"),
    identifier("reporter_id"),
    identifier("reported_id"),
    short_text("reason", 16),
    short_text("note", 1000),
    sa.Column("item", sa.Text, nullable=True),
    large("messages"),
    number("reported_at"),
    sa.Index("ix_reports_reported_at", "reported_at"),
    sa.Index("ix_reports_reporter", "reporter_id", "reported_at"),
)
"""What people tell the administrator of others: with the last messages as they stood (JSON)."""
