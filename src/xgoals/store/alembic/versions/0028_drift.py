"""Drift over matchdays."""

from xgoals.store.schema.sql_files import run_functions, run_migration

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    """Apply ``sql/functions`` and ``sql/migrations/0028_drift.up.sql``."""
    run_functions()
    run_migration("0028_drift.up.sql")


def downgrade() -> None:
    """Apply ``sql/migrations/0028_drift.down.sql``."""
    run_migration("0028_drift.down.sql")
