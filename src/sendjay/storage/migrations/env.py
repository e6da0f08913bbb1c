"""How Alembic runs here: within the connection it is given, against our metadata."""

from __future__ import annotations

from alembic import context

from sendjay.storage.collation import binary_texts
from sendjay.storage.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, compare_type=True)
with binary_texts(connection.dialect), context.begin_transaction():
    context.run_migrations()
