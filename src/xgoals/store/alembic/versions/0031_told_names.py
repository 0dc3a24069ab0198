"""What each match calls its teams and players."""

from xgoals.store.schema.sql_files import run_migration

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    """Apply ``sql/migrations/0031_told_names.up.sql``."""
    run_migration("0031_told_names.up.sql")


def downgrade() -> None:
    """Apply ``sql/migrations/0031_told_names.down.sql``."""
    run_migration("0031_told_names.down.sql")
