"""Addresses of databases as people write them, and the driver that each kind is talked to with."""

from __future__ import annotations

import sqlalchemy as sa

_DRIVERS = {
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    # One name for both: what they differ in is asked of the server itself.
    "mysql": "mysql+pymysql",
    "mariadb": "mysql+pymysql",
}


def parse_url(text: str) -> sa.URL:
    """`kind://user:password@host:port/name?options`; `settings.py` has judged what can be used."""
    url = sa.make_url(text)
    return url.set(drivername=_DRIVERS.get(url.drivername, url.drivername))
