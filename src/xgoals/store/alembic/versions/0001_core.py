"""The core tables."""

from xgoals.store.schema.sql_files import run_migration

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Apply ``sql/migrations/0001_core.up.sql``."""
    run_migration("0001_core.up.sql")


def downgrade() -> None:
    """Apply ``sql/migrations/0001_core.down.sql``."""
    run_migration("0001_core.down.sql")
