"""What is known of files that have not changed."""

from xgoals.store.schema.sql_files import run_migration

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Apply ``sql/migrations/0011_files_seen.up.sql``."""
    run_migration("0011_files_seen.up.sql")


def downgrade() -> None:
    """Apply ``sql/migrations/0011_files_seen.down.sql``."""
    run_migration("0011_files_seen.down.sql")
