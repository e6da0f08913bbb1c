"""Every table, as SQLAlchemy Core metadata. Migrations are checked against it.

Times are milliseconds since 1970 UTC by the database's clock. Ids are ASCII (or what a directory delivers),
compared byte by byte on every database (`collation.py`); what people type to sign in is folded into
`users.login_key`.
"""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

ID = sa.String(64)
KEY = sa.String(200)
NUMBER = sa.BigInteger()
FLAG = sa.SmallInteger()


def _id(name: str, *, primary_key: bool = False) -> sa.Column[str]:
    return sa.Column(name, ID, primary_key=primary_key, nullable=False)


def _number(name: str, default: int = 0) -> sa.Column[int]:
    return sa.Column(name, NUMBER, nullable=False, server_default=str(default))


def _flag(name: str, default: int = 0) -> sa.Column[int]:
    return sa.Column(name, FLAG, nullable=False, server_default=str(default))


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=False, server_default="")


installation = sa.Table(
    "installation",
    metadata,
    _id("name", primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)
"""What belongs to this installation as a whole: signing secrets, its name."""

orgs = sa.Table(
    "orgs",
    metadata,
    _id("code", primary_key=True),
    _text("name", 100),
    _text("position", 32),
    _number("depth"),
    _flag("in_use", 1),
    _number("changed_at"),
    sa.Index("ix_orgs_position", "position"),
)
"""Z_ORG_TBL: ORG_CD, ORG_NM, SEQ, LVL, INUSE. Display order is `position`; the tree follows from order and
depth.
"""

users = sa.Table(
    "users",
    metadata,
    _id("user_id", primary_key=True),
    sa.Column("login_key", KEY, nullable=False, unique=True),
    _text("kind", 16),
    _text("name", 100),
    _text("org_code", 64),
    _text("org_name", 100),
    _text("top_org_code", 64),
    _text("top_org_name", 100),
    _text("nickname", 200),
    _text("job", 100),
    _text("tel", 40),
    _text("tel_digits", 40),
    _text("initials", 100),
    _text("search_key", 400),
    _text("absence_code", 16),
    _text("absence_note", 100),
    _text("absence_since", 10),
    _text("absence_until", 10),
    _text("photo_version", 32),
    _flag("standalone"),
    _flag("notify_off"),
    _flag("sound_off"),
    _flag("vibration_off"),
    _flag("body_off"),
    _flag("sender_off"),
    _text("notify_from", 4),
    _text("notify_to", 4),
    _text("language", 8),
    _number("settings_version"),
    _text("source", 16),
    _flag("disabled"),
    _number("checked_at"),
    _text("unique_id", 64),
    _number("created_at"),
    _text("created_by", 64),
    _number("changed_at"),
    _text("changed_by", 64),
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
    _id("user_id", primary_key=True),
    sa.Column("password_hash", sa.String(255), nullable=False),
    _number("changed_at"),
)

photos = sa.Table(
    "photos",
    metadata,
    _id("user_id", primary_key=True),
    _text("media_type", 32),
    sa.Column("image", sa.LargeBinary(16_777_215), nullable=False),
    _text("version", 32),
)

personal_streams = sa.Table(
    "personal_streams",
    metadata,
    _id("user_id", primary_key=True),
    _number("version"),
    _number("changed_at"),
)
"""The version of what is mine alone."""

sessions = sa.Table(
    "sessions",
    metadata,
    _id("session_id", primary_key=True),
    _id("user_id"),
    _text("device_id", 64),
    _text("device_kind", 8),
    _text("device_name", 200),
    _text("address", 64),
    _number("refresh_counter"),
    _text("refresh_attempt", 64),
    _number("generation"),
    _number("created_at"),
    _number("seen_at"),
    _number("expires_at"),
    _number("ended_at"),
    _text("end_reason", 32),
    sa.Index("ix_sessions_user", "user_id", "ended_at"),
    sa.Index("ix_sessions_ended", "ended_at"),
)

rooms = sa.Table(
    "rooms",
    metadata,
    _id("room_id", primary_key=True),
    _text("kind", 8),
    sa.Column("item_id", ID, nullable=True),
    sa.Column("name", sa.String(200), nullable=True),
    sa.Column("master_id", ID, nullable=True),
    _number("seq"),
    _number("version"),
    _number("members_version"),
    _number("read_version"),
    _number("member_count"),
    _number("hidden_count"),
    _number("last_seq"),
    _number("changes_version"),
    _number("retained_seq"),
    _number("pinned_seq"),
    _flag("blocked"),
    sa.Column("card", sa.Text, nullable=True),
    sa.Column("people", sa.Text, nullable=False),
    _number("created_at"),
    _number("touched_at"),
    _number("members_at"),
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
    _id("room_id"),
    sa.Index("ix_room_sets_room", "room_id"),
)
"""The same people (kind, item, people) lead to one room; moves when members change."""

members = sa.Table(
    "members",
    metadata,
    _id("room_id", primary_key=True),
    _id("user_id", primary_key=True),
    _flag("is_member", 1),
    _number("epoch", 1),
    _number("joined_seq"),
    _number("cleared_seq"),
    _number("read_seq"),
    _number("read_version"),
    _number("version"),
    _number("personal_version"),
    _flag("hidden"),
    _flag("muted"),
    _flag("pinned"),
    _flag("show_members", 1),
    _flag("has_deleted"),
    sa.Column("own_name", sa.String(200), nullable=True),
    _number("joined_at"),
    sa.Index("ix_members_user", "user_id", "is_member", "room_id"),
    sa.Index("ix_members_personal", "user_id", "personal_version"),
    sqlite_with_rowid=False,
)
"""`version`/`read_version`: the room's at which this membership/cursor last changed; `personal_version`: of
my stream. `has_deleted`: I have deleted messages here for myself.
"""

messages = sa.Table(
    "messages",
    metadata,
    _id("room_id", primary_key=True),
    sa.Column("seq", NUMBER, primary_key=True, autoincrement=False, nullable=False),
    _number("version"),
    _id("sender_id"),
    _number("sent_at"),
    _text("kind", 8),
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
    _id("room_id", primary_key=True),
    sa.Column("seq", NUMBER, primary_key=True, autoincrement=False, nullable=False),
    _number("version"),
    sa.Index("ix_message_changes_version", "room_id", "version"),
    sqlite_with_rowid=False,
)
"""Rows of the timeline that changed after they were written, at their latest version."""

message_edits = sa.Table(
    "message_edits",
    metadata,
    _id("room_id", primary_key=True),
    sa.Column("seq", NUMBER, primary_key=True, autoincrement=False, nullable=False),
    sa.Column("version", NUMBER, primary_key=True, autoincrement=False, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    _number("edited_at"),
    sqlite_with_rowid=False,
)
"""What edited messages said before, for the administrator: `version` is the one that it was said at,
`edited_at` when it ceased to be.
"""

revokes = sa.Table(
    "revokes",
    metadata,
    _id("room_id", primary_key=True),
    sa.Column("seq", NUMBER, primary_key=True, autoincrement=False, nullable=False),
    _number("revoked_at"),
    sa.Column("readers", sa.LargeBinary(16_777_215), nullable=False),
    sqlite_with_rowid=False,
)
"""Messages that their senders took back, and who had read them until then (a JSON list of ids): they are told
that there was one.
"""

message_deletions = sa.Table(
    "message_deletions",
    metadata,
    _id("user_id", primary_key=True),
    _id("room_id", primary_key=True),
    sa.Column("seq", NUMBER, primary_key=True, autoincrement=False, nullable=False),
    _number("personal_version"),
    sa.Index("ix_message_deletions_personal", "user_id", "personal_version"),
    sa.Index("ix_message_deletions_message", "room_id", "seq"),
    sqlite_with_rowid=False,
)
"""Messages that somebody does not want to see any more; all others do. `personal_version`: of their stream.
"""

search_blocks = sa.Table(
    "search_blocks",
    metadata,
    _id("room_id", primary_key=True),
    sa.Column("block", NUMBER, primary_key=True, autoincrement=False, nullable=False),
    _number("first_at"),
    _number("last_at"),
    sa.Column("signature", sa.LargeBinary(16_777_215), nullable=False),
    sqlite_with_rowid=False,
)
"""By what the messages of a whole block of a room (256 seqs) can be found, and when the first and the last of
them were sent.
"""

requests = sa.Table(
    "requests",
    metadata,
    sa.Column("client_id", ID, primary_key=True, nullable=False),
    _id("user_id", primary_key=True),
    _text("kind", 16),
    _id("room_id"),
    _number("seq"),
    _number("version"),
    _number("made_at"),
    sa.Column("digest", sa.LargeBinary(16), nullable=False),
    sqlite_with_rowid=False,
)
"""Idempotency keys: what a client_id was used for and what was answered. The key comes first: clients make
keys that rise with time, so that the keys of a busy minute lie on a few pages."""

drafts = sa.Table(
    "drafts",
    metadata,
    _id("user_id", primary_key=True),
    _id("room_id", primary_key=True),
    sa.Column("body", sa.Text, nullable=False),
    _number("personal_version"),
    _number("changed_at"),
    sa.Index("ix_drafts_personal", "user_id", "personal_version"),
    sqlite_with_rowid=False,
)
"""What somebody has begun to write. An emptied one stays as an empty body, for the other devices to learn."""

used_tickets = sa.Table(
    "used_tickets",
    metadata,
    _id("ticket_id", primary_key=True),
    _number("expires_at"),
    sa.Index("ix_used_tickets_expires", "expires_at"),
    sqlite_with_rowid=False,
)
"""Sign-in tickets that have been used, until they would have expired anyway."""

files = sa.Table(
    "files",
    metadata,
    _id("file_id", primary_key=True),
    _id("owner_id"),
    _text("state", 8),
    _text("name", 200),
    _number("size"),
    _text("media_type", 100),
    _text("kind", 8),
    _number("width"),
    _number("height"),
    _number("seconds"),
    _flag("thumb"),
    _number("created_at"),
    _number("sent_at"),
    _number("expires_at"),
    _number("due_at"),
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
    _id("file_id", primary_key=True),
    _id("room_id", primary_key=True),
    sa.Column("seq", NUMBER, primary_key=True, autoincrement=False, nullable=False),
    sa.Index("ix_file_messages_message", "room_id", "seq"),
    sqlite_with_rowid=False,
)
"""Which messages carry a file: whoever sees one of them sees the file."""

chores = sa.Table(
    "chores",
    metadata,
    _id("chore", primary_key=True),
    _text("holder", 16),
    _number("held_until"),
    _number("renewed"),
    _number("done_at"),
    _number("done_rows"),
)
"""Whose turn it is at each chore of the clean-up, when it was done last, and how many rows went."""

activity = sa.Table(
    "activity",
    metadata,
    sa.Column(
        "activity_id",
        sa.BigInteger().with_variant(sa.Integer, "sqlite"),
        primary_key=True,
        autoincrement=True,
    ),
    _id("user_id"),
    _text("work", 16),
    _text("device", 16),
    _text("state", 16),
    _number("duration"),
    _number("at"),
    sa.Index("ix_activity_at", "at", "user_id"),
)
"""Z_ACTLOG_TBL: sign-ins, connections and the like."""

items = sa.Table(
    "items",
    metadata,
    _id("item_key", primary_key=True),
    _text("kind", 64),
    sa.Column("host_id", KEY, nullable=False),
    _id("owner_id"),
    _text("title", 200),
    _text("price", 100),
    _text("status", 100),
    _text("picture", 1000),
    _text("link", 1000),
    _flag("is_open", 1),
    _flag("is_gone"),
    _flag("by_ticket"),
    _number("issued_at"),
    _flag("spread", 1),
    sa.Index("ix_items_spread", "spread", "issued_at"),
)
"""What a host has registered to be talked about. `issued_at`: the host's time of what stands here, never
going back. `by_ticket`: only who brings the host's word may begin to ask. `spread`: its rooms have been told.
"""

item_rooms = sa.Table(
    "item_rooms",
    metadata,
    _id("room_id", primary_key=True),
    _id("item_key"),
    _id("owner_id"),
    _id("asker_id"),
    _number("created_at"),
    _number("deal_at"),
    _text("deal_until", 10),
    _flag("warned"),
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
    _id("user_id", primary_key=True),
    _id("blocked_id", primary_key=True),
    _number("blocked_at"),
    sqlite_with_rowid=False,
)

reports = sa.Table(
    "reports",
    metadata,
    _id("report_id", primary_key=True),
    _id("room_id"),
    _id("reporter_id"),
    _id("reported_id"),
    _text("reason", 16),
    _text("note", 1000),
    sa.Column("item", sa.Text, nullable=True),
    sa.Column("messages", sa.LargeBinary(16_777_215), nullable=False),
    _number("reported_at"),
    sa.Index("ix_reports_reported_at", "reported_at"),
    sa.Index("ix_reports_reporter", "reporter_id", "reported_at"),
)
"""What people tell the administrator of others: with the last messages as they stood (JSON)."""

integration_tokens = sa.Table(
    "integration_tokens",
    metadata,
    _id("token_id", primary_key=True),
    _text("digest", 64),
    _text("name", 100),
    _text("scopes", 1000),
    _number("created_at"),
    _number("ended_at"),
)
"""What hosts call with: the SHA-256 of each, and what it allows."""
