"""A provider's own level."""

from xgoals.store.schema.sql_files import run_functions, run_migration

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """Apply ``sql/functions`` and ``sql/migrations/0025_levels.up.sql``."""
    run_functions()
    run_migration("0025_levels.up.sql")


def downgrade() -> None:
    """Apply ``sql/migrations/0025_levels.down.sql``."""
    run_migration("0025_levels.down.sql")
