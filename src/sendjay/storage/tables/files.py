"""What is uploaded and sent."""

from __future__ import annotations

import sqlalchemy as sa

from sendjay.storage.tables.columns import counted_key, flag, identifier, metadata, number, short_text

files = sa.Table(
    "files",
    metadata,
    identifier("file_id", primary_key=True),
    identifier("owner_id"),
    short_text("state", 8),
    short_text("name", 200),
    number("size"),
    short_text("media_type", 100),
    short_text("kind", 8),
    number("width"),
    number("height"),
    number("seconds"),
    flag("thumb"),
    number("created_at"),
    number("sent_at"),
    number("expires_at"),
    number("due_at"),
    sa.Index("ix_files_owner", "owner_id", "state"),
    sa.Index("ix_files_due", "due_at"),
    sqlite_with_rowid=False,
)
"""What somebody uploads: `state` is open (not all of it has come), ready, or gone (to be taken off the disk).
`sent_at` is 0 until a message carries it, `expires_at` 0 where it never expires. `due_at`: when the clean-up
has to look at it.
"""

file_messages = sa.Table(
    "file_messages",
    metadata,
    identifier("file_id", primary_key=True),
    identifier("room_id", primary_key=True),
    counted_key("seq"),
    sa.Index("ix_file_messages_message", "room_id", "seq"),
    sqlite_with_rowid=False,
)
"""Which messages carry a file: whoever sees one of them sees the file."""
