"""What the matches of a window were called when a champion learned from them."""

from xgoals.store.schema.sql_files import run_migration

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    """Apply ``sql/migrations/0035_window_fixtures.up.sql``."""
    run_migration("0035_window_fixtures.up.sql")


def downgrade() -> None:
    """Apply ``sql/migrations/0035_window_fixtures.down.sql``."""
    run_migration("0035_window_fixtures.down.sql")
