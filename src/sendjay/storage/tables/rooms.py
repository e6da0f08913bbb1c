"""Rooms and who is in them."""

from __future__ import annotations

import sqlalchemy as sa

from sendjay.storage.tables.columns import ID, KEY, flag, identifier, metadata, number, short_text

rooms = sa.Table(
    "rooms",
    metadata,
    identifier("room_id", primary_key=True),
    short_text("kind", 8),
    sa.Column("item_id", ID, nullable=True),
    sa.Column("name", sa.String(200), nullable=True),
    sa.Column("master_id", ID, nullable=True),
    number("seq"),
    number("version"),
    number("members_version"),
    number("read_version"),
    number("member_count"),
    number("hidden_count"),
    number("last_seq"),
    number("changes_version"),
    number("retained_seq"),
    number("pinned_seq"),
    flag("blocked"),
    sa.Column("card", sa.Text, nullable=True),
    sa.Column("people", sa.Text, nullable=False),
    number("created_at"),
    number("touched_at"),
    number("members_at"),
    sa.Index("ix_rooms_touched", "touched_at"),
)
"""`last_seq`: the newest message that is neither a notice nor taken back. `pinned_seq`: the one that hangs
above the talk. `changes_version`: the version at which a message that already stood was last changed;
above it only new rows have come. `people`: ids of the first members, as a JSON list. `hidden_count`:
members whose list the next message brings it back to. `retained_seq`: rows at or below it are nobody's
to see any more. `blocked`: of two, one has blocked the other. `card`: the item that it is about and how the
deal stands, as JSON. `members_at`: when people last came or went, or the room came back to somebody's list.
"""

room_sets = sa.Table(
    "room_sets",
    metadata,
    sa.Column("set_key", KEY, primary_key=True, nullable=False),
    identifier("room_id"),
    sa.Index("ix_room_sets_room", "room_id"),
)
"""The same people (kind, item, people) lead to one room; moves when members change."""

members = sa.Table(
    "members",
    metadata,
    identifier("room_id", primary_key=True),
    identifier("user_id", primary_key=True),
    flag("is_member", 1),
    number("epoch", 1),
    number("joined_seq"),
    number("cleared_seq"),
    number("read_seq"),
    number("read_version"),
    number("version"),
    number("personal_version"),
    flag("hidden"),
    flag("muted"),
    flag("pinned"),
    flag("show_members", 1),
    flag("has_deleted"),
    sa.Column("own_name", sa.String(200), nullable=True),
    number("joined_at"),
    sa.Index("ix_members_user", "user_id", "is_member", "room_id"),
    sa.Index("ix_members_personal", "user_id", "personal_version"),
    sqlite_with_rowid=False,
)
"""`version`/`read_version`: the room's at which this membership/cursor last changed; `personal_version`: of
my stream. `has_deleted`: I have deleted messages here for myself.
"""
