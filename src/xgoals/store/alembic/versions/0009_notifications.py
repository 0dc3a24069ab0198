"""Notifications: one row for each outcome and recipient."""

from xgoals.store.sql_files import run_migration

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Apply ``sql/migrations/0009_notifications.up.sql``."""
    run_migration("0009_notifications.up.sql")


def downgrade() -> None:
    """Apply ``sql/migrations/0009_notifications.down.sql``."""
    run_migration("0009_notifications.down.sql")
