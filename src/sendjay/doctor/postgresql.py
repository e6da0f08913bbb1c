"""What is PostgreSQL's own."""

from __future__ import annotations

import sqlalchemy as sa

from sendjay.doctor.connections import examine_connections
from sendjay.doctor.finding import Findings
from sendjay.settings import Settings

OLDEST = 13

_SETTINGS = (
    "server_version",
    "server_version_num",
    "server_encoding",
    "transaction_isolation",
    "full_page_writes",
    "max_connections",
    "superuser_reserved_connections",
)
_CONNECTED = sa.text("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'")
_LOOSE_COLUMN = sa.text(
    "SELECT min(c.relname || '.' || a.attname) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
    " JOIN pg_collation o ON o.oid = a.attcollation"
    " WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace AND NOT o.collisdeterministic"
)


def examine_postgresql(connection: sa.Connection, settings: Settings, findings: Findings) -> None:
    query = sa.text("SELECT name, setting FROM pg_settings WHERE name IN :names")
    names = sa.bindparam("names", list(_SETTINGS), expanding=True)
    value = {str(name): str(setting) for name, setting in connection.execute(query.bindparams(names))}
    _examine_server(value, findings)
    loose = connection.execute(_LOOSE_COLUMN).scalar_one()
    if loose:
        says = f"{loose} compares texts loosely: ids that differ would count as one"
        findings.problem(says, "Give the database a deterministic collation")
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
    if value["transaction_isolation"] != "read committed":
        says = f"Our sessions get the isolation {value['transaction_isolation']}, not read committed"
        findings.problem(says, "Let no proxy change what a session asks for")
    if value["full_page_writes"] != "on":
        says = "full_page_writes is off: a power cut may tear pages, and what they held is lost"
        findings.warning(says, "Set it to on, unless the file system never tears pages (ZFS)")
