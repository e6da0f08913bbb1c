"""Database, tables, migrations and the writer."""
