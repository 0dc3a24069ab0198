"""Inbox events: which states of matchdays have been reported to Airflow."""

from xgoals.store.schema.sql_files import run_migration

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Apply ``sql/migrations/0006_inbox_events.up.sql``."""
    run_migration("0006_inbox_events.up.sql")


def downgrade() -> None:
    """Apply ``sql/migrations/0006_inbox_events.down.sql``."""
    run_migration("0006_inbox_events.down.sql")
