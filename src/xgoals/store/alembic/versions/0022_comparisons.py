"""Why our number and the provider's differ, and how far explanations can be trusted."""

from xgoals.store.schema.sql_files import run_functions, run_migration

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Apply ``sql/functions`` and ``sql/migrations/0022_comparisons.up.sql``."""
    run_functions()
    run_migration("0022_comparisons.up.sql")


def downgrade() -> None:
    """Apply ``sql/migrations/0022_comparisons.down.sql``."""
    run_migration("0022_comparisons.down.sql")
