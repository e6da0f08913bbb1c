"""Every table, as SQLAlchemy Core metadata. Migrations are checked against it.

Times are milliseconds since 1970 UTC by the database's clock. Ids are ASCII (or what a directory delivers),
compared byte by byte on every database (`collation.py`); what people type to sign in is folded into
`users.login_key`.
"""

from __future__ import annotations

from sendjay.storage.tables.columns import metadata
from sendjay.storage.tables.files import file_messages, files
from sendjay.storage.tables.house import activity, chores, installation, integration_tokens, requests
from sendjay.storage.tables.items import blocks, item_rooms, items, reports
from sendjay.storage.tables.messages import (
    link_pictures,
    message_changes,
    message_deletions,
    message_edits,
    messages,
    revokes,
    search_blocks,
)
from sendjay.storage.tables.people import (
    credentials,
    drafts,
    orgs,
    personal_streams,
    photos,
    sessions,
    used_tickets,
    users,
)
from sendjay.storage.tables.rooms import members, room_sets, rooms

__all__ = [
    "activity",
    "blocks",
    "chores",
    "credentials",
    "drafts",
    "file_messages",
    "files",
    "installation",
    "integration_tokens",
    "item_rooms",
    "items",
    "link_pictures",
    "members",
    "message_changes",
    "message_deletions",
    "message_edits",
    "messages",
    "metadata",
    "orgs",
    "personal_streams",
    "photos",
    "reports",
    "requests",
    "revokes",
    "room_sets",
    "rooms",
    "search_blocks",
    "sessions",
    "used_tickets",
    "users",
]
