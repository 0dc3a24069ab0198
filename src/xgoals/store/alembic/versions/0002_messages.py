"""Messages: kind, hash and time of every file that a match was read from."""

from xgoals.store.schema.sql_files import run_migration

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Apply ``sql/migrations/0002_messages.up.sql``."""
    run_migration("0002_messages.up.sql")


def downgrade() -> None:
    """Apply ``sql/migrations/0002_messages.down.sql``."""
    run_migration("0002_messages.down.sql")
