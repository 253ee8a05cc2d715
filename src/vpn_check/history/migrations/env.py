"""What alembic runs: the steps that are missing, over the connection and within the transaction that it was given."""

from alembic import context

from vpn_check.history.schema import VERSION_TABLE, tables

context.configure(connection=context.config.attributes["connection"], target_metadata=tables,
                  version_table=VERSION_TABLE)
with context.begin_transaction():
    context.run_migrations()
