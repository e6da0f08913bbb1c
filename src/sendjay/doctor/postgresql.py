"""What is PostgreSQL's own."""

from __future__ import annotations

import sqlalchemy as sa

from sendjay.doctor.connections import examine_connections
from sendjay.doctor.finding import Findings
from sendjay.settings import Settings
from sendjay.storage.tables import metadata

OLDEST = 13

_SETTINGS = (
    "server_version",
    "server_version_num",
    "server_encoding",
    "full_page_writes",
    "max_connections",
    "superuser_reserved_connections",
)
_CONNECTED = sa.text("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'")
_COLUMNS = sa.text(
    "SELECT c.relname, a.attname, o.collname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
    " JOIN pg_collation o ON o.oid = a.attcollation"
    " WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace AND NOT a.attisdropped"
)


def examine_postgresql(connection: sa.Connection, settings: Settings, findings: Findings) -> None:
    query = sa.text("SELECT name, setting FROM pg_settings WHERE name IN :names")
    names = sa.bindparam("names", list(_SETTINGS), expanding=True)
    value = {str(name): str(setting) for name, setting in connection.execute(query.bindparams(names))}
    _examine_server(value, findings)
    _examine_columns(connection, findings)
    used = int(connection.execute(_CONNECTED).scalar_one())
    most = int(value["max_connections"]) - int(value["superuser_reserved_connections"])
    examine_connections("max_connections", most, used, settings, findings)


def _examine_server(value: dict[str, str], findings: Findings) -> None:
    version = value["server_version"].split(" ")[0]
    if int(value["server_version_num"]) < OLDEST * 10_000:
        findings.problem(f"PostgreSQL {version} is too old", f"Take PostgreSQL {OLDEST} or later")
    else:
        findings.ok(f"PostgreSQL {version}")
    if value["server_encoding"] != "UTF8":
        says = f"The database's encoding is {value['server_encoding']}: Hangul and emoji cannot be kept"
        findings.problem(says, "Make a database with ENCODING 'UTF8' and move into it")
    if value["full_page_writes"] != "on":
        says = "full_page_writes is off: a power cut may tear pages, and what they held is lost"
        findings.warning(says, "Set it to on, unless the file system never tears pages (ZFS)")


def _examine_columns(connection: sa.Connection, findings: Findings) -> None:
    """Texts sort as everywhere else, whatever language the server was set up with."""
    others = [
        f"{table}.{column} ({collation})"
        for table, column, collation in connection.execute(_COLUMNS)
        if table in metadata.tables and collation != "C"
    ]
    if others:
        says = f"Not all texts are compared byte by byte, as ids must be: {', '.join(others[:5])}"
        findings.problem(says, 'Give them COLLATE "C" again')
