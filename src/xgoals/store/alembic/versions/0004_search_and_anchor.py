"""Searches, the anchor, and verdicts that await a person."""

from xgoals.store.schema.sql_files import run_migration

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Apply ``sql/migrations/0004_search_and_anchor.up.sql``."""
    run_migration("0004_search_and_anchor.up.sql")


def downgrade() -> None:
    """Apply ``sql/migrations/0004_search_and_anchor.down.sql``."""
    run_migration("0004_search_and_anchor.down.sql")
