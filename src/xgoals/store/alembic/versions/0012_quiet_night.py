"""Counters of changes, what was derived at which of them, and indexes."""

from xgoals.store.schema.sql_files import run_functions, run_migration

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Apply ``sql/functions`` and ``sql/migrations/0012_quiet_night.up.sql``."""
    run_functions()
    run_migration("0012_quiet_night.up.sql")


def downgrade() -> None:
    """Apply ``sql/migrations/0012_quiet_night.down.sql``."""
    run_migration("0012_quiet_night.down.sql")
