"""Summaries of explanations as sums that are kept up to date."""

from xgoals.store.schema.sql_files import run_migration

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Apply ``sql/migrations/0013_sums_of_explanations.up.sql``."""
    run_migration("0013_sums_of_explanations.up.sql")


def downgrade() -> None:
    """Apply ``sql/migrations/0013_sums_of_explanations.down.sql``."""
    run_migration("0013_sums_of_explanations.down.sql")
