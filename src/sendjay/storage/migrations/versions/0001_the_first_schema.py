"""The first schema"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None
works_with = "0001"

ID = sa.String(64).with_variant(sa.String(64, collation="utf8mb4_bin"), "mysql", "mariadb")
KEY = sa.String(200).with_variant(sa.String(200, collation="utf8mb4_bin"), "mysql", "mariadb")


def upgrade() -> None:
    op.create_table(
        "activity",
        sa.Column(
            "activity_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("work", sa.String(length=16), server_default="", nullable=False),
        sa.Column("device", sa.String(length=16), server_default="", nullable=False),
        sa.Column("state", sa.String(length=16), server_default="", nullable=False),
        sa.Column("duration", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("at", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("activity_id", name=op.f("pk_activity")),
    )
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.create_index("ix_activity_at", ["at", "user_id"], unique=False)

    op.create_table(
        "credentials",
        sa.Column("user_id", ID, nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_credentials")),
    )
    op.create_table(
        "installation",
        sa.Column("name", ID, nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_installation")),
    )
    op.create_table(
        "members",
        sa.Column("room_id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("is_member", sa.SmallInteger(), server_default="1", nullable=False),
        sa.Column("epoch", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("joined_seq", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("cleared_seq", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("read_seq", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("read_version", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("personal_version", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("hidden", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("muted", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("pinned", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("show_members", sa.SmallInteger(), server_default="1", nullable=False),
        sa.Column("own_name", sa.String(length=200), nullable=True),
        sa.Column("joined_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("room_id", "user_id", name=op.f("pk_members")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("members", schema=None) as batch_op:
        batch_op.create_index("ix_members_personal", ["user_id", "personal_version"], unique=False)
        batch_op.create_index("ix_members_user", ["user_id", "is_member", "room_id"], unique=False)

    op.create_table(
        "message_changes",
        sa.Column("room_id", ID, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("room_id", "seq", name=op.f("pk_message_changes")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("message_changes", schema=None) as batch_op:
        batch_op.create_index("ix_message_changes_version", ["room_id", "version"], unique=False)

    op.create_table(
        "messages",
        sa.Column("room_id", ID, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("sender_id", ID, nullable=False),
        sa.Column("sent_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("kind", sa.String(length=8), server_default="", nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("notice", sa.Text(), nullable=True),
        sa.Column("client_id", ID, nullable=True),
        sa.PrimaryKeyConstraint("room_id", "seq", name=op.f("pk_messages")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "orgs",
        sa.Column("code", ID, nullable=False),
        sa.Column("name", sa.String(length=100), server_default="", nullable=False),
        sa.Column("position", sa.String(length=32), server_default="", nullable=False),
        sa.Column("depth", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("in_use", sa.SmallInteger(), server_default="1", nullable=False),
        sa.Column("changed_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_orgs")),
    )
    with op.batch_alter_table("orgs", schema=None) as batch_op:
        batch_op.create_index("ix_orgs_position", ["position"], unique=False)

    op.create_table(
        "personal_streams",
        sa.Column("user_id", ID, nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("changed_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_personal_streams")),
    )
    op.create_table(
        "photos",
        sa.Column("user_id", ID, nullable=False),
        sa.Column("media_type", sa.String(length=32), server_default="", nullable=False),
        sa.Column("image", sa.LargeBinary(length=16777215), nullable=False),
        sa.Column("version", sa.String(length=32), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_photos")),
    )
    op.create_table(
        "requests",
        sa.Column("client_id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=16), server_default="", nullable=False),
        sa.Column("room_id", ID, nullable=False),
        sa.Column("seq", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("made_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("digest", sa.LargeBinary(length=16), nullable=False),
        sa.PrimaryKeyConstraint("client_id", "user_id", name=op.f("pk_requests")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "room_sets",
        sa.Column("set_key", KEY, nullable=False),
        sa.Column("room_id", ID, nullable=False),
        sa.PrimaryKeyConstraint("set_key", name=op.f("pk_room_sets")),
    )
    with op.batch_alter_table("room_sets", schema=None) as batch_op:
        batch_op.create_index("ix_room_sets_room", ["room_id"], unique=False)

    op.create_table(
        "rooms",
        sa.Column("room_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=8), server_default="", nullable=False),
        sa.Column("item_id", ID, nullable=True),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("master_id", ID, nullable=True),
        sa.Column("seq", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("members_version", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("read_version", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("member_count", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("hidden_count", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("last_seq", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("changes_version", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("people", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("touched_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("room_id", name=op.f("pk_rooms")),
    )
    with op.batch_alter_table("rooms", schema=None) as batch_op:
        batch_op.create_index("ix_rooms_touched", ["touched_at"], unique=False)

    op.create_table(
        "sessions",
        sa.Column("session_id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("device_id", sa.String(length=64), server_default="", nullable=False),
        sa.Column("device_kind", sa.String(length=8), server_default="", nullable=False),
        sa.Column("device_name", sa.String(length=200), server_default="", nullable=False),
        sa.Column("address", sa.String(length=64), server_default="", nullable=False),
        sa.Column("refresh_counter", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("refresh_attempt", sa.String(length=64), server_default="", nullable=False),
        sa.Column("generation", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("created_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("seen_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("expires_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("ended_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("end_reason", sa.String(length=32), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_sessions")),
    )
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.create_index("ix_sessions_user", ["user_id", "ended_at"], unique=False)

    op.create_table(
        "users",
        sa.Column("user_id", ID, nullable=False),
        sa.Column("login_key", KEY, nullable=False),
        sa.Column("kind", sa.String(length=16), server_default="", nullable=False),
        sa.Column("name", sa.String(length=100), server_default="", nullable=False),
        sa.Column("org_code", sa.String(length=64), server_default="", nullable=False),
        sa.Column("org_name", sa.String(length=100), server_default="", nullable=False),
        sa.Column("top_org_code", sa.String(length=64), server_default="", nullable=False),
        sa.Column("top_org_name", sa.String(length=100), server_default="", nullable=False),
        sa.Column("nickname", sa.String(length=200), server_default="", nullable=False),
        sa.Column("job", sa.String(length=100), server_default="", nullable=False),
        sa.Column("tel", sa.String(length=40), server_default="", nullable=False),
        sa.Column("tel_digits", sa.String(length=40), server_default="", nullable=False),
        sa.Column("initials", sa.String(length=100), server_default="", nullable=False),
        sa.Column("search_key", sa.String(length=400), server_default="", nullable=False),
        sa.Column("absence_code", sa.String(length=16), server_default="", nullable=False),
        sa.Column("absence_note", sa.String(length=100), server_default="", nullable=False),
        sa.Column("absence_since", sa.String(length=10), server_default="", nullable=False),
        sa.Column("absence_until", sa.String(length=10), server_default="", nullable=False),
        sa.Column("photo_version", sa.String(length=32), server_default="", nullable=False),
        sa.Column("standalone", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("notify_off", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("sound_off", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("vibration_off", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("body_off", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("sender_off", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("notify_from", sa.String(length=4), server_default="", nullable=False),
        sa.Column("notify_to", sa.String(length=4), server_default="", nullable=False),
        sa.Column("language", sa.String(length=8), server_default="", nullable=False),
        sa.Column("source", sa.String(length=16), server_default="", nullable=False),
        sa.Column("disabled", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("checked_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("unique_id", sa.String(length=64), server_default="", nullable=False),
        sa.Column("created_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("created_by", sa.String(length=64), server_default="", nullable=False),
        sa.Column("changed_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("changed_by", sa.String(length=64), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_users")),
        sa.UniqueConstraint("login_key", name=op.f("uq_users_login_key")),
    )
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.create_index("ix_users_name", ["name", "user_id"], unique=False)
        batch_op.create_index("ix_users_org", ["org_code", "name"], unique=False)
