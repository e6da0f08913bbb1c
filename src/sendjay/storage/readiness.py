"""Before a node uses a database: it must be safe, whole, and have this version's schema."""

from __future__ import annotations

from sendjay.storage.database import Database
from sendjay.storage.durability import dangers
from sendjay.storage.migrate import SchemaTooNew, head, upgrade
from sendjay.storage.moving.target import is_half_moved


class UnusableDatabase(Exception):
    """The text is a sentence for whoever starts a server: what is the case, and what to do."""


def make_ready(database: Database) -> None:
    """Bring the schema up to date, if the database may be used at all. Raises UnusableDatabase."""
    for danger in database.read_now(dangers):
        raise UnusableDatabase(f"The database cannot be used: {danger}")
    try:
        upgrade(database)
    except SchemaTooNew as error:
        raise UnusableDatabase(
            f"The database cannot be used: a later version has brought its schema to {error.revision}, "
            f"and this one knows {head()} at most. "
            "Update this node too, or go back to a backup of before the update."
        ) from None
    if database.read_now(is_half_moved):
        raise UnusableDatabase(
            "The database cannot be used: a move into it has not come to its end. "
            "Run `sendjay db move` again, or name the database of before."
        )
