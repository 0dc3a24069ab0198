"""Notifications: one row for each outcome and recipient."""

from xgoals.store.schema.sql_files import run_migration

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Apply ``sql/migrations/0007_notifications.up.sql``."""
    run_migration("0007_notifications.up.sql")


def downgrade() -> None:
    """Apply ``sql/migrations/0007_notifications.down.sql``."""
    run_migration("0007_notifications.down.sql")
