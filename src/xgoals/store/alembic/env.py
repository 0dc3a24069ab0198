"""Alembic's entrance: works on the connection that :mod:`xgoals.store.migrate` hands over."""

from alembic import context

from xgoals.store.migrate import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    version_table=VERSION_TABLE,
    version_table_schema="public",
)
with context.begin_transaction():
    context.run_migrations()
