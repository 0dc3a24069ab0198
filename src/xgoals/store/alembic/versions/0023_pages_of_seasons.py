"""Pages of seasons, clubs and players, and from which rows each was written."""

from xgoals.store.schema.sql_files import run_migration

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Apply ``sql/migrations/0023_pages_of_seasons.up.sql``."""
    run_migration("0023_pages_of_seasons.up.sql")


def downgrade() -> None:
    """Apply ``sql/migrations/0023_pages_of_seasons.down.sql``."""
    run_migration("0023_pages_of_seasons.down.sql")
