"""What columns are made of, everywhere alike."""

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
LARGE = sa.LargeBinary(16_777_215)
"""MariaDB takes the smallest type that holds so much; its plain BLOB ends at 64 KB."""


def identifier(name: str, *, primary_key: bool = False) -> sa.Column[str]:
    return sa.Column(name, ID, primary_key=primary_key, nullable=False)


def number(name: str, default: int = 0) -> sa.Column[int]:
    return sa.Column(name, NUMBER, nullable=False, server_default=str(default))


def counted_key(name: str) -> sa.Column[int]:
    """A number that we count ourselves, in a primary key."""
    return sa.Column(name, NUMBER, primary_key=True, autoincrement=False, nullable=False)


def flag(name: str, default: int = 0) -> sa.Column[int]:
    return sa.Column(name, FLAG, nullable=False, server_default=str(default))


def short_text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=False, server_default="")


def large(name: str) -> sa.Column[bytes]:
    return sa.Column(name, LARGE, nullable=False)
