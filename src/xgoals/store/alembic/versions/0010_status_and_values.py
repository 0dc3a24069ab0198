"""What a match's result is worth, and which value of which shot is in quarantine."""

from xgoals.store.schema.sql_files import run_migration

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Apply ``sql/migrations/0010_status_and_values.up.sql``."""
    run_migration("0010_status_and_values.up.sql")


def downgrade() -> None:
    """Apply ``sql/migrations/0010_status_and_values.down.sql``."""
    run_migration("0010_status_and_values.down.sql")
