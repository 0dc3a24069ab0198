"""A provider's own level."""

from xgoals.store.schema.sql_files import run_functions, run_migration

revision = "0027"
down_revision = "0024"


def upgrade() -> None:
    """Apply ``sql/functions`` and ``sql/migrations/0027_levels.up.sql``."""
    run_functions()
    run_migration("0027_levels.up.sql")


def downgrade() -> None:
    """Apply ``sql/migrations/0027_levels.down.sql``."""
    run_migration("0027_levels.down.sql")
