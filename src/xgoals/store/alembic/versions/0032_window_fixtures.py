"""What the matches of a window were called when a champion learned from them."""

from xgoals.store.schema.sql_files import run_migration

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    """Apply ``sql/migrations/0032_window_fixtures.up.sql``."""
    run_migration("0032_window_fixtures.up.sql")


def downgrade() -> None:
    """Apply ``sql/migrations/0032_window_fixtures.down.sql``."""
    run_migration("0032_window_fixtures.down.sql")
