"""What is said in rooms, and what becomes of it."""

from __future__ import annotations

import sqlalchemy as sa

from sendjay.storage.tables.columns import ID, counted_key, identifier, large, metadata, number, short_text

messages = sa.Table(
    "messages",
    metadata,
    identifier("room_id", primary_key=True),
    counted_key("seq"),
    number("version"),
    identifier("sender_id"),
    number("sent_at"),
    short_text("kind", 8),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("notice", sa.Text, nullable=True),
    sa.Column("client_id", ID, nullable=True),
    sa.Column("extra", sa.Text, nullable=True),
    sqlite_with_rowid=False,
)
"""The timeline, clustered by room so that a page of history is one range. `extra`: what a message carries
besides its text, as JSON; null for a plain text.
"""

message_changes = sa.Table(
    "message_changes",
    metadata,
    identifier("room_id", primary_key=True),
    counted_key("seq"),
    number("version"),
    sa.Index("ix_message_changes_version", "room_id", "version"),
    sqlite_with_rowid=False,
)
"""Rows of the timeline that changed after they were written, at their latest version."""

message_edits = sa.Table(
    "message_edits",
    metadata,
    identifier("room_id", primary_key=True),
    counted_key("seq"),
    counted_key("version"),
    sa.Column("body", sa.Text, nullable=False),
    number("edited_at"),
    sqlite_with_rowid=False,
)
"""What edited messages said before, for the administrator: `version` is the one that it was said at,
`edited_at` when it ceased to be.
"""

revokes = sa.Table(
    "revokes",
    metadata,
    identifier("room_id", primary_key=True),
    counted_key("seq"),
    number("revoked_at"),
    large("readers"),
    sqlite_with_rowid=False,
)
"""Messages that their senders took back, and who had read them until then (a JSON list of ids): they are told
that there was one.
"""

message_deletions = sa.Table(
    "message_deletions",
    metadata,
    identifier("user_id", primary_key=True),
    identifier("room_id", primary_key=True),
    counted_key("seq"),
    number("personal_version"),
    sa.Index("ix_message_deletions_personal", "user_id", "personal_version"),
    sa.Index("ix_message_deletions_message", "room_id", "seq"),
    sqlite_with_rowid=False,
)
"""Messages that somebody does not want to see any more; all others do. `personal_version`: of their stream.
"""

search_blocks = sa.Table(
    "search_blocks",
    metadata,
    identifier("room_id", primary_key=True),
    counted_key("block"),
    number("first_at"),
    number("last_at"),
    large("signature"),
    sqlite_with_rowid=False,
)
"""By what the messages of a whole block of a room (256 seqs) can be found, and when the first and the last of
them were sent.
"""

link_pictures = sa.Table(
    "link_pictures",
    metadata,
    identifier("picture_id", primary_key=True),
    large("image"),
    number("used_at"),
    sa.Index("ix_link_pictures_used", "used_at"),
)
"""Small pictures of pages behind links, by their digest: one picture is kept once. `used_at`: when a message
was last given it.
"""
