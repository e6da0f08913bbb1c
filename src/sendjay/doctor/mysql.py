"""What is MariaDB's and MySQL's own."""

from __future__ import annotations

import re

import sqlalchemy as sa

from sendjay.doctor.connections import examine_connections
from sendjay.doctor.finding import Findings
from sendjay.settings import Settings
from sendjay.storage.durability import variables
from sendjay.storage.engines import mysql_collation
from sendjay.storage.tables import metadata

OLDEST_MARIADB = (10, 6, 0)
OLDEST_MYSQL = (8, 0, 19)
LIST_BYTES_LEAST = 64 << 20
PACKET_BYTES_LEAST = 16 << 20
"""The largest value of a table (a photo) must fit into one statement."""

_SERVER = (
    "binlog_format",
    "innodb_doublewrite",
    "log_bin",
    "max_allowed_packet",
    "max_connections",
    "max_user_connections",
    "sync_binlog",
)
_SESSION = (
    "auto_increment_increment",
    "character_set_connection",
    "group_concat_max_len",
    "sql_mode",
)
_CONNECTED = sa.text("SHOW GLOBAL STATUS LIKE 'Threads_connected'")
_COLUMNS = sa.text(
    "SELECT table_name, column_name, collation_name"
    " FROM information_schema.columns WHERE table_schema = database() AND collation_name IS NOT NULL"
)


def examine_mysql(connection: sa.Connection, settings: Settings, findings: Findings) -> None:
    _examine_version(connection, findings)
    _examine_session(connection, findings)
    value = variables(connection, "GLOBAL", _SERVER)
    _examine_log(value, findings)
    packet = int(value["max_allowed_packet"])
    if packet < PACKET_BYTES_LEAST:
        says = f"max_allowed_packet is {packet:,}: large photos cannot be kept"
        findings.warning(says, f"Set max_allowed_packet = {PACKET_BYTES_LEAST >> 20}M or more")
    _examine_columns(connection, findings)
    used = int(connection.execute(_CONNECTED).one()[1])
    by_account = int(value["max_user_connections"])
    if by_account:
        examine_connections("max_user_connections", by_account, 0, settings, findings)
    examine_connections("max_connections", int(value["max_connections"]), used, settings, findings)


def _examine_version(connection: sa.Connection, findings: Findings) -> None:
    text = str(connection.execute(sa.text("SELECT version()")).scalar_one())
    found = re.match(r"(\d+)\.(\d+)\.(\d+)", text)
    name, oldest = ("MariaDB", OLDEST_MARIADB) if "MariaDB" in text else ("MySQL", OLDEST_MYSQL)
    if found is None or tuple(map(int, found.groups())) < oldest:
        findings.problem(f"{name} {text} is too old", f"Take {name} {'.'.join(map(str, oldest))} or later")
    else:
        findings.ok(f"{name} {found[0]}")


def _examine_session(connection: sa.Connection, findings: Findings) -> None:
    value = variables(connection, "SESSION", _SESSION)
    if not {"STRICT_TRANS_TABLES", "STRICT_ALL_TABLES"} & set(value["sql_mode"].split(",")):
        says = "sql_mode is not strict: what is too long would be cut without a word"
        findings.problem(says, "Add STRICT_TRANS_TABLES to sql_mode")
    charset = value["character_set_connection"]
    if charset != "utf8mb4":
        says = f"Our connections speak {charset}: emoji cannot be kept"
        findings.problem(says, "Add ?charset=utf8mb4 to database_url")
    if int(value["group_concat_max_len"]) < LIST_BYTES_LEAST:
        says = f"group_concat_max_len is {value['group_concat_max_len']}: long lists would be cut"
        findings.problem(says, "Let no proxy change what a session asks for")
    step = value["auto_increment_increment"]
    if step != "1":
        says = f"auto_increment_increment is {step}, as where two primaries replicate each other"
        findings.warning(says, "See to it that this server alone is written to")


def _examine_log(value: dict[str, str], findings: Findings) -> None:
    if value.get("innodb_doublewrite", "ON").upper() in ("OFF", "0", "DETECT_ONLY"):
        says = "innodb_doublewrite is off: a power cut may tear pages, and what they held is lost"
        findings.warning(says, "Set it to ON, unless the file system never tears pages (ZFS)")
    if value.get("log_bin") != "ON":
        return
    if value.get("sync_binlog") != "1":
        says = f"sync_binlog is {value.get('sync_binlog')}: after a crash, replicas may lack what is here"
        findings.warning(says, "Set sync_binlog = 1")
    if value.get("binlog_format") == "STATEMENT":
        says = "binlog_format is STATEMENT, with which READ COMMITTED cannot write"
        findings.problem(says, "Set binlog_format = ROW")


def _examine_columns(connection: sa.Connection, findings: Findings) -> None:
    """Ids are compared byte by byte, or `Kim` and `kim` would be the same person."""
    wanted = mysql_collation(is_mariadb=getattr(connection.dialect, "is_mariadb", False))
    others = [
        f"{table}.{column} ({collation})"
        for table, column, collation in connection.execute(_COLUMNS)
        if table in metadata.tables and collation != wanted
    ]
    if others:
        says = f"Not all texts are compared byte by byte, as ids must be: {', '.join(others[:5])}"
        findings.problem(says, f"Give them the character set utf8mb4 and the collation {wanted} again")
