"""The feeds and sources of a run as lists."""

from xgoals.store.schema.sql_files import run_migration

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Apply ``sql/migrations/0008_feeds_of_a_run.up.sql``."""
    run_migration("0008_feeds_of_a_run.up.sql")


def downgrade() -> None:
    """Apply ``sql/migrations/0008_feeds_of_a_run.down.sql``."""
    run_migration("0008_feeds_of_a_run.down.sql")
