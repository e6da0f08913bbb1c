"""What a database's failure means: try again, the line is gone, somebody's words, or a mistake of ours."""

from __future__ import annotations

from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from sendjay.protocol.errors import Code, Refused

_POSTGRES_CONFLICTS = {
    "40001",  # serialization failure
    "40P01",  # deadlock
    "23505",  # unique violation: another node wrote the same key first
}
_MYSQL_CONFLICTS = {1213, 1020, 1062}
"""The same: deadlock, record changed, duplicate entry."""
_POSTGRES_LOCKED = "55P03"
_MYSQL_LOCKED = {1205, 3572}
"""Another lets go of its locks only after a time, or not while NOWAIT was said."""
_POSTGRES_SLOW = "57014"
_MYSQL_SLOW = {1969, 3024}
_MYSQL_LOST = {0, 1053, 1927, 1977, 2006, 2013, 2014, 2045, 2055, 4031}
_DRIVERS = ("sqlite3", "psycopg", "pymysql")
_POSTGRES_LOST = ("08", "57P0", "25P03")
"""Classes of connections that broke, servers that go down, and transactions that idled too long."""


def is_conflict(error: BaseException) -> bool:
    """Others were at the same rows; the same work done again may go well."""
    cause = _cause(error)
    if getattr(cause, "sqlstate", None) in _POSTGRES_CONFLICTS:
        return True
    return _mysql_number(cause) in _MYSQL_CONFLICTS


def is_locked(error: BaseException) -> bool:
    """Others hold what is wanted, and for longer than their work takes."""
    cause = _cause(error)
    return getattr(cause, "sqlstate", None) == _POSTGRES_LOCKED or _mysql_number(cause) in _MYSQL_LOCKED


def is_slow(error: BaseException) -> bool:
    """The database ended a statement that took too long."""
    cause = _cause(error)
    return getattr(cause, "sqlstate", None) == _POSTGRES_SLOW or _mysql_number(cause) in _MYSQL_SLOW


def is_lost(error: BaseException) -> bool:
    """The connection is gone; what was asked on it last may have been done or not."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    cause = _cause(error)
    state = getattr(cause, "sqlstate", None)
    if isinstance(state, str):
        return state.startswith(_POSTGRES_LOST)
    if _driver(cause) == "psycopg":
        # Without a word of the server's: the line itself broke.
        return type(cause).__name__ in ("OperationalError", "InterfaceError")
    return _mysql_number(cause) in _MYSQL_LOST


def is_the_databases(error: BaseException) -> bool:
    """Something that a database or its driver raised."""
    return isinstance(error, (DBAPIError, PoolTimeout)) or _driver(error) in _DRIVERS


def explain(error: BaseException) -> Refused:
    """What people are told."""
    if isinstance(error, Refused):
        return error
    if not is_the_databases(error):
        return Refused(Code.INTERNAL)
    kinds = {each.__name__ for each in type(_cause(error)).__mro__}
    if "DataError" in kinds:
        return Refused(Code.INVALID, "It holds something that cannot be kept.")
    if kinds & {"ProgrammingError", "NotSupportedError", "IntegrityError"}:
        return Refused(Code.INTERNAL)
    return Refused(Code.BUSY, retry_after_ms=500)


def _cause(error: BaseException) -> BaseException:
    return error.orig if isinstance(error, DBAPIError) and error.orig is not None else error


def _driver(error: BaseException) -> str:
    return type(error).__module__.partition(".")[0]


def _mysql_number(cause: BaseException) -> int | None:
    if _driver(cause) != "pymysql":
        return None
    arguments: tuple[Any, ...] = cause.args
    return arguments[0] if arguments and isinstance(arguments[0], int) else None
