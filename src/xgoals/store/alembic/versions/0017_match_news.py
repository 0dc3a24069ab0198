"""What is owed about a match: its page, and the word about it."""

from xgoals.store.schema.sql_files import run_migration

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Apply ``sql/migrations/0017_match_news.up.sql``."""
    run_migration("0017_match_news.up.sql")


def downgrade() -> None:
    """Apply ``sql/migrations/0017_match_news.down.sql``."""
    run_migration("0017_match_news.down.sql")
