"""People, their places in the house, and how they sign in."""

from __future__ import annotations

import sqlalchemy as sa

from sendjay.storage.tables.columns import KEY, flag, identifier, large, metadata, number, short_text

orgs = sa.Table(
    "orgs",
    metadata,
    identifier("code", primary_key=True),
    short_text("name", 100),
    short_text("position", 32),
    number("depth"),
    flag("in_use", 1),
    number("changed_at"),
    sa.Index("ix_orgs_position", "position"),
)
"""Z_ORG_TBL: ORG_CD, ORG_NM, SEQ, LVL, INUSE. Display order is `position`; the tree follows from order and
depth.
"""

users = sa.Table(
    "users",
    metadata,
    identifier("user_id", primary_key=True),
    sa.Column("login_key", KEY, nullable=False, unique=True),
    short_text("kind", 16),
    short_text("name", 100),
    short_text("org_code", 64),
    short_text("org_name", 100),
    short_text("top_org_code", 64),
    short_text("top_org_name", 100),
    short_text("nickname", 200),
    short_text("job", 100),
    short_text("tel", 40),
    short_text("tel_digits", 40),
    short_text("initials", 100),
    short_text("search_key", 400),
    short_text("absence_code", 16),
    short_text("absence_note", 100),
    short_text("absence_since", 10),
    short_text("absence_until", 10),
    short_text("photo_version", 32),
    flag("standalone"),
    flag("notify_off"),
    flag("sound_off"),
    flag("vibration_off"),
    flag("body_off"),
    flag("sender_off"),
    short_text("notify_from", 4),
    short_text("notify_to", 4),
    short_text("language", 8),
    number("settings_version"),
    short_text("source", 16),
    flag("disabled"),
    number("checked_at"),
    short_text("unique_id", 64),
    number("created_at"),
    short_text("created_by", 64),
    number("changed_at"),
    short_text("changed_by", 64),
    sa.Index("ix_users_org", "org_code", "name"),
    sa.Index("ix_users_name", "name", "user_id"),
)
"""Z_USER_TBL with all its fields; `notify_from`/`notify_to` are hhmm, when notifications ARE given.

`initials` is the name in initial consonants (ㅎㄱㄷ), `search_key` the folded name, id, org, job and
nickname.
"""

credentials = sa.Table(
    "credentials",
    metadata,
    identifier("user_id", primary_key=True),
    sa.Column("password_hash", sa.String(255), nullable=False),
    number("changed_at"),
)

photos = sa.Table(
    "photos",
    metadata,
    identifier("user_id", primary_key=True),
    short_text("media_type", 32),
    large("image"),
    short_text("version", 32),
)

sessions = sa.Table(
    "sessions",
    metadata,
    identifier("session_id", primary_key=True),
    identifier("user_id"),
    short_text("device_id", 64),
    short_text("device_kind", 8),
    short_text("device_name", 200),
    short_text("address", 64),
    number("refresh_counter"),
    short_text("refresh_attempt", 64),
    number("generation"),
    number("created_at"),
    number("seen_at"),
    number("expires_at"),
    number("ended_at"),
    short_text("end_reason", 32),
    sa.Index("ix_sessions_user", "user_id", "ended_at"),
    sa.Index("ix_sessions_ended", "ended_at"),
)

used_tickets = sa.Table(
    "used_tickets",
    metadata,
    identifier("ticket_id", primary_key=True),
    number("expires_at"),
    sa.Index("ix_used_tickets_expires", "expires_at"),
    sqlite_with_rowid=False,
)
"""Sign-in tickets that have been used, until they would have expired anyway."""

personal_streams = sa.Table(
    "personal_streams",
    metadata,
    identifier("user_id", primary_key=True),
    number("version"),
    number("changed_at"),
)
"""The version of what is mine alone."""

drafts = sa.Table(
    "drafts",
    metadata,
    identifier("user_id", primary_key=True),
    identifier("room_id", primary_key=True),
    sa.Column("body", sa.Text, nullable=False),
    number("personal_version"),
    number("changed_at"),
    sa.Index("ix_drafts_personal", "user_id", "personal_version"),
    sqlite_with_rowid=False,
)
"""What somebody has begun to write. An emptied one stays as an empty body, for the other devices to learn."""
