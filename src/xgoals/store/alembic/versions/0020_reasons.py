"""Reasons of published numbers, who took what, and what both are compared with and judged by."""

from xgoals.store.schema.sql_files import run_functions, run_migration

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Apply ``sql/functions`` and ``sql/migrations/0020_reasons.up.sql``."""
    run_functions()
    run_migration("0020_reasons.up.sql")


def downgrade() -> None:
    """Apply ``sql/migrations/0020_reasons.down.sql``."""
    run_migration("0020_reasons.down.sql")
